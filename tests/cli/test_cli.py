"""`aoa` as a person and a script meet it: output, exit codes, messages; never a traceback."""

import json
import subprocess
import sys
from collections.abc import Callable
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from appofapps.cli.main import run
from appofapps.engine.results import EngineError, Lock, LockedError, Operation
from appofapps.observe.health import Condition, Health
from appofapps.operations.session import Session
from tests.e2e.small_catalog import workload, write_catalog
from tests.operations.fakes import FakeEngine, FakeWorld, catalog, change, child, failure, result, session, state

OVER = ["--to", "us-1", "--reason", "x", "--owner", "y"]  # and no --yes: what is wrong is said, and nothing is asked
SAME, UPDATE, CREATE, DELETE = Operation.SAME, Operation.UPDATE, Operation.CREATE, Operation.DELETE


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lay out a project with a small catalog, as the current directory."""
    write_catalog(tmp_path / "catalog", "dev", [workload("cart"), workload("web", "cart")])
    (tmp_path / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": {"app-of-apps:environment": "dev"}}))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AOA_CATALOG", raising=False)
    return tmp_path


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeEngine]:
    """Let every verb work on a fake engine and a fake world."""

    def use(engine: FakeEngine, world: FakeWorld | None = None, *children: dict[str, Any]) -> FakeEngine:
        opened = session(catalog(*(children or (child("cart"), child("web", "cart")))), engine, world)

        def opening(*_: object) -> Session:
            return opened

        monkeypatch.setattr("appofapps.operations.session.open_session", opening)
        return engine

    return use


def unchanged() -> FakeEngine:
    """Return the engine of a stack that is as the catalog says."""
    return FakeEngine(
        now=state("cart@eu-1", "web@eu-1"), would=result(change("cart@eu-1", SAME), change("web@eu-1", SAME))
    )


def test_plan_as_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One document on stdout, with waves, needs and the worst case."""
    assert run(["plan", "--env", "dev", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    web = document["children"][1]
    assert (web["address"], web["wave"], web["needs"], web["worst_case"]) == ("web@eu-1", 2, ["cart@eu-1"], 120)


def test_plan_as_a_graph(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An arrow leads from a need to what waits for it."""
    assert run(["plan", "--stack", "dev", "--graph", "mermaid"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0], lines[-1]) == ("flowchart LR", "  cart__eu_1 --> web__eu_1")
    assert run(["plan", "--env", "dev", "--graph", "dot"]) == 0
    assert '  "cart@eu-1" -> "web@eu-1";' in capsys.readouterr().out


def test_plan_for_people(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Wave by wave, readable without colour."""
    assert run(["plan", "--env", "dev"]) == 0
    out = capsys.readouterr().out
    assert out.index("wave 1") < out.index("cart") < out.index("wave 2") < out.index("web")
    assert "2 children; all are ready, or have failed, within 2m00s" in out


def test_a_wrong_catalog_is_explained_with_file_and_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2, and every problem at once."""
    file = next((project / "catalog").rglob("web.yaml"))
    file.write_text(file.read_text().replace("- cart", "- crat"))
    assert run(["plan", "--env", "dev"]) == 2
    err = capsys.readouterr().err
    assert "web.yaml:" in err
    assert "crat" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plan"], "aoa plan --env ENV; there are: dev"),
        (["up"], "Missing option '--stack'"),
        (["fleet", "up", "--env", "nope", "--yes"], "no stack runs this environment"),
        (["failover", "--env", "dev", "--from", "eu-1"], "--to CLUSTER --reason TEXT, or"),
        (["failover", "--env", "dev", "--from", "eu-1", "--to", "us-1", "--yes"], "say where to and why"),
        (["failover", "--env", "dev", "--from", "eu-1", "--back", "--yes"], "is not failed over in dev"),
        (["failover", "--env", "dev", "--from", "eu-1", "--to", "us-1", "--reason", " "], "no reason given"),
        (["failover", "--env", "nope", "--from", "eu-1", *OVER], "nope: no such environment"),
        (["failover", "--env", "dev", "--from", "EU-1", *OVER], "EU-1: no such cluster"),
        (["failover", "--env", "dev", "--from", "eu-1", *OVER], "us-1: not ready to stand in"),
        (["cluster", "forget", "eu-2", "--reason", "x", "--owner", "y", "--yes"], "did you mean 'eu-1'"),
        (["cluster", "forget", "eu-1", "--reason", " ", "--yes"], "no reason given"),
        (["fleet", "up", "--env", "dev"], "aoa fleet up … --yes"),
        (["up", "--stack", "nope", "--yes"], "stacks here: dev"),
        (["status", "--stack"], "requires an argument"),
        (["up", "--nope"], "No such option"),
        (["frobnicate"], "No such command"),
    ],
)
def test_wrong_input_exits_2_with_a_way_out(
    project: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong, and what to type instead."""
    assert run(arguments) == 2
    assert said in capsys.readouterr().err


def test_exit_0_as_asked(fake: Callable[..., FakeEngine], capsys: pytest.CaptureFixture[str]) -> None:
    """Each verb, of a stack that is well."""
    fake(unchanged())
    assert [run([verb, "--stack", "dev"]) for verb in ("preview", "status", "up")] == [0, 0, 0]
    out = capsys.readouterr().out
    assert out.splitlines()[0] == "no changes"
    assert "stack dev: 2 of 2 children ready" in out
    assert "stack dev: no changes, 2 children (1.0s)" in out


def test_exit_1_for_differences_failures_and_illness(
    fake: Callable[..., FakeEngine], capsys: pytest.CaptureFixture[str]
) -> None:
    """A preview with changes, a status with an unhealthy child, a run with a failure."""
    different = result(change("cart@eu-1", UPDATE, properties=("spec.replicas",)), change("web@eu-1", SAME))
    ended = result(change("web@eu-1", SAME), failures=[failure("cart@eu-1", "timed out")])
    engine = FakeEngine(now=state("cart@eu-1", "web@eu-1"), would=different, does=ended)
    fake(engine, FakeWorld(health={"web@eu-1": Health(Condition.NOT_READY, "0 of 1 pods available")}))
    assert run(["preview", "--stack", "dev"]) == 1
    assert "  ~  deployment  spec.replicas" in capsys.readouterr().out
    assert run(["status", "--stack", "dev"]) == 1
    assert "0 of 1 pods available" in capsys.readouterr().out
    assert run(["up", "--stack", "dev", "--yes", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [(c["address"], c["outcome"], c["cause"]) for c in document["children"]] == [
        ("cart@eu-1", "failed", "timed out"),
        ("web@eu-1", "unchanged", ""),
    ]


def test_exit_2_when_a_guard_says_no(fake: Callable[..., FakeEngine], capsys: pytest.CaptureFixture[str]) -> None:
    """By name, with a hint, and the engine does not run."""
    engine = fake(FakeEngine(), FakeWorld(foreign=["dev-cart"]))
    assert run(["up", "--stack", "dev", "--yes"]) == 2
    assert "Namespace dev-cart in eu-1 exists and is not ours" in capsys.readouterr().err
    assert not engine.asked("up")


def test_nobody_to_ask_is_a_refusal(
    fake: Callable[..., FakeEngine], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script that forgot --yes must not hang, nor deploy."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    fake(FakeEngine())
    assert run(["up", "--stack", "dev"]) == 2
    assert "--yes" in capsys.readouterr().err


@pytest.mark.parametrize(
    "error", [EngineError("no backend"), LockedError("dev", Lock("laptop", 7, "noon", "ada", live=True))]
)
def test_exit_3_when_it_could_not_run(
    error: EngineError, fake: Callable[..., FakeEngine], capsys: pytest.CaptureFixture[str]
) -> None:
    """The lock's holder, or what is missing, in one line."""

    def fail() -> None:
        raise error

    engine = FakeEngine(does=result(), during=fail)
    fake(engine)
    assert run(["up", "--stack", "dev", "--yes"]) == 3
    assert str(error).split(",", maxsplit=1)[0] in capsys.readouterr().err


def test_destroy_prints_what_is_gone(fake: Callable[..., FakeEngine], capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing to destroy is as asked."""
    fake(FakeEngine(now=state("cart@eu-1"), does=result(change("cart@eu-1", DELETE))))
    assert run(["destroy", "--stack", "dev", "--yes"]) == 0
    assert "stack dev: 1 removed" in capsys.readouterr().out
    fake(FakeEngine())
    assert run(["destroy", "--stack", "dev", "--yes"]) == 0
    assert "stack dev: nothing to destroy" in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["up", "preview"])
def test_ctrl_c_is_a_message(verb: str, fake: Callable[..., FakeEngine], capsys: pytest.CaptureFixture[str]) -> None:
    """Before the engine runs, it just ends; what was not looked at is not told as unchanged."""
    engine = unchanged()
    engine.would = result(interrupted=True)
    fake(engine)
    assert run([verb, "--stack", "dev"]) == 130
    assert capsys.readouterr().err.splitlines()[-1] == "interrupted"


def test_the_unexpected_is_no_traceback(
    fake: Callable[..., FakeEngine], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks to be reported."""
    monkeypatch.delenv("AOA_TRACEBACK", raising=False)
    engine = unchanged()
    engine.would = None
    fake(engine)
    assert run(["preview", "--stack", "dev"]) == 3
    err = capsys.readouterr().err
    assert "this should not happen: AssertionError" in err
    assert "Traceback" not in err


def test_a_file_that_cannot_be_written_is_named(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A catalog that is read only, a full disk: nothing to report to us."""

    def full(file: Path, *_: object, **__: object) -> int:
        raise OSError(ENOSPC, "No space left on device", str(file))

    monkeypatch.setattr(Path, "write_text", full)
    assert run(["pause", "cart", "--reason", "x", "--until", "2099-12-31", "--owner", "ada"]) == 3
    err = capsys.readouterr().err
    assert "cart.yaml" in err
    assert "No space left on device" in err
    assert "please report" not in err


def test_help_loads_no_client_and_no_engine() -> None:
    """`aoa --help` and the completion of a shell start at once."""
    heavy = "pulumi", "kubernetes", "boto3", "pydantic_core"
    code = (
        "import sys; from appofapps.cli.main import run; run(['--help']); "
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Exit codes" in done.stdout
    assert done.stderr.strip() == "[]"


def test_ctrl_c_at_the_question_is_a_message(
    fake: Callable[..., FakeEngine], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A no by other means: the engine does not run."""

    def abort(*_: object, **__: object) -> bool:
        raise typer.Abort

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", abort)
    engine = fake(FakeEngine())
    assert run(["up", "--stack", "dev"]) == 130
    captured = capsys.readouterr()
    assert "cart@eu-1  added  1.0.0" in captured.err
    assert captured.err.splitlines()[-1] == "interrupted"
    assert not engine.asked("up")
