"""The verbs of a child's life, as a person and a script meet them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from appofapps.cli.main import run
from appofapps.engine.results import Operation
from tests.cli.test_cli import fake, project, unchanged
from tests.operations.fakes import FakeEngine, FakeWorld, change, child, result, state

__all__ = ["fake", "project"]
HOLD = ["--reason", "incident 12", "--until", "2099-12-31", "--owner", "ada"]
OVER = {"reason": "incident 12", "owner": "ada", "until": "2020-01-01"}


def cart(project: Path) -> dict[str, Any]:
    """Return what the cart's file says."""
    found: dict[str, Any] = yaml.safe_load((project / "catalog/apps/cart.yaml").read_text())
    return found


def test_a_hold_comes_and_goes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each verb says what it wrote, and what follows from it."""
    assert [run(["pause", "cart", *HOLD]), run(["pin", "cart", *HOLD])] == [0, 0]
    assert (cart(project)["paused"]["owner"], cart(project)["pinned"]["version"]) == ("ada", "1.0.0")
    assert run(["plan", "--env", "dev"]) == 0
    out = capsys.readouterr().out
    assert "catalog/apps/cart.yaml: cart is paused until 2099-12-31 (ada: incident 12)" in out
    assert "1.0.0 (paused, pinned)" in out

    assert run(["resume", "cart", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["hold"], document["held"], document["until"]) == ("paused", False, "2099-12-31")
    assert run(["unpin", "cart"]) == 0
    assert not {"paused", "pinned"} & cart(project).keys()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["pause", "crat", *HOLD], "did you mean 'cart'?"),
        (["pause", "cart", "--until", "2099-12-31"], "--reason"),
        (["pin", "cart", "--reason", "x", "--until", "tomorrow"], "'tomorrow' does not match the formats '%Y-%m-%d'"),
        (["resume", "cart"], "is not paused"),
        (["rollback", "cart"], "aoa release record --env E"),
        (["release", "record"], "aoa release record --stack S, or --env E"),
        (["retire", "cart"], "--reason WHY"),
        (["retire", "web", "--reason", "x", "--owner", "y", "--stack", "prd", "--yes"], "stacks here: dev"),
        (["retire", "web", "--reason", "x", "--owner", "y", "--stack", "dev"], "there is no terminal to ask on"),
        (["retire", "cart", "--reason", "x", "--owner", "y"], "'web' needs 'cart', which is to be retired"),
    ],
)
def test_what_cannot_be_is_refused(
    project: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, with what to type instead, and the catalog as it was."""
    before = {file: file.read_text() for file in (project / "catalog").rglob("*.yaml")}
    assert run(arguments) == 2
    assert said in capsys.readouterr().err
    assert {file: file.read_text() for file in (project / "catalog").rglob("*.yaml")} == before


def test_a_hold_that_is_over_is_told(fake: Callable[..., FakeEngine], capsys: pytest.CaptureFixture[str]) -> None:
    """`aoa status` goes on telling the truth with exit 0, and says what to look after."""
    fake(unchanged(), None, child("cart", paused=OVER), child("web", "cart"))
    assert run(["status", "--stack", "dev"]) == 0
    captured = capsys.readouterr()
    assert "note: cart: paused until 2020-01-01, over for" in captured.err
    assert "1.0.0 (paused)" in captured.out


def test_a_child_that_nobody_agreed_to_remove_is_retired_in_the_catalog(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file has moved by then: where to, and how to keep the child, is said."""
    engine = FakeEngine(now=state("cart@eu-1", "web@eu-1"), would=result(change("web@eu-1", Operation.DELETE)))
    monkeypatch.setattr("appofapps.operations.session.Engine", lambda *_: engine)
    monkeypatch.setattr("appofapps.operations.session.World", FakeWorld)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    assert run(["retire", "web", "--reason", "nobody came", "--owner", "ada", "--stack", "dev"]) == 1
    out = capsys.readouterr().out
    assert "to keep web, move catalog/retired/web.yaml back without `retired:`" in out
    assert not engine.asked("up")


def test_the_end_of_a_child(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a stack only the catalog changes, and what is left to do is said."""
    assert run(["retire", "web", "--reason", "nobody came", "--owner", "ada"]) == 0
    out = capsys.readouterr().out
    assert "web is retired (ada: nobody came): catalog/retired/web.yaml" in out
    assert "aoa retire web --stack S" in out
    assert run(["validate"]) == 0
