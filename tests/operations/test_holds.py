"""Pins and pauses, written into a catalog on disk and taken out again."""

from datetime import date
from pathlib import Path

import pytest

from appofapps.catalog.locate import locate_all
from appofapps.catalog.problems import CatalogError
from appofapps.operations.holds import hold, overdue, release
from appofapps.operations.people import me, record, unaccounted
from appofapps.operations.refusal import RefusedError, refuse_any
from appofapps.plan.validation import validated
from tests.catalog.minimal import FILES, write
from tests.operations.fakes import FakeEngine, catalog, child, session

TODAY, LATER = date(2026, 11, 23), date(2026, 12, 1)
CART = """\
# The cart.
apiVersion: appofapps.dev/v1
version: 1.4.2 # with the new basket

# Who answers for it.
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Write a catalog whose cart has comments."""
    text = FILES["apps/cart.yaml"].replace("apiVersion: appofapps.dev/v1\n", "").replace("version: 1.4.2\n", CART, 1)
    return write(tmp_path, {**FILES, "apps/cart.yaml": text})


def problems(root: Path) -> list[str]:
    """Return what `aoa validate` would print."""
    return [str(found) for found in locate_all(validated(root, root).problems)]


def test_a_pause_says_who_and_why_and_leaves_the_rest_alone(root: Path) -> None:
    """Seen as a diff, only its own lines come, and go again with `resume`."""
    file = root / "apps/cart.yaml"
    before = file.read_text()
    hold(root, "cart", "paused", "incident 12: slow", LATER, "ada", TODAY)

    lines = file.read_text().splitlines()
    written = ["paused:", "  reason: 'incident 12: slow'", "  owner: ada", "  until: 2026-12-01"]
    assert [line for line in lines if line not in before.splitlines()] == written
    assert problems(root) == []
    release(root, "cart", "paused")
    assert file.read_text() == before


def test_a_pin_keeps_the_version(root: Path) -> None:
    """A file that names another one is refused with its line and the way out; sizes may change."""
    hold(root, "cart", "pinned", "waiting for audit", LATER, "ada", TODAY)
    file = root / "apps/cart.yaml"
    file.write_text(file.read_text().replace("replicas: 2", "replicas: 3"))
    assert problems(root) == []

    file.write_text(file.read_text().replace("\nversion: 1.4.2", "\nversion: 1.5.0"))
    line = file.read_text().splitlines().index("version: 1.5.0 # with the new basket") + 1
    assert problems(root) == [
        f"{file}:{line}: version: '1.5.0', but it is pinned at 1.4.2 until 2026-12-01 by ada (waiting for audit); "
        "to let it go: aoa unpin cart"
    ]
    release(root, "cart", "pinned")
    assert problems(root) == []


def test_a_hold_over_a_hold_replaces_it(root: Path) -> None:
    """Another day, another reason: one hold."""
    hold(root, "cart", "paused", "incident 12", LATER, "ada", TODAY)
    hold(root, "cart", "paused", "incident 13", date(2027, 1, 1), "bob", TODAY)
    text = (root / "apps/cart.yaml").read_text()
    assert text.count("paused:") == 1
    assert ("incident 12" in text, "incident 13" in text, "2027-01-01" in text) == (False, True, True)


def test_comments_behind_a_hold_outlive_it(root: Path) -> None:
    """What a person wrote between a hold and the next field speaks of that field."""
    file = root / "apps/cart.yaml"
    held = "pinned: {version: 1.4.2, reason: x, owner: ada, until: 2026-12-01} # soon\n\n# About owners.\nowner:"
    file.write_text(file.read_text().replace("owner:", held, 1))
    release(root, "cart", "pinned")
    assert "# About owners.\nowner:" in file.read_text()
    assert "soon" not in file.read_text()


@pytest.mark.parametrize(
    ("child", "reason", "until", "said"),
    [
        ("crat", "x", LATER, "did you mean 'cart'?"),
        ("cart", " ", LATER, "--reason 'what for'"),
        ("cart", "x", date(2026, 11, 22), "today is 2026-11-23"),
    ],
)
def test_bad_input_changes_nothing(root: Path, child: str, reason: str, until: date, said: str) -> None:
    """It is refused with what to type instead."""
    before = (root / "apps/cart.yaml").read_text()
    with pytest.raises(RefusedError) as refused:
        hold(root, child, "paused", reason, until, "ada", TODAY)
    assert said in refused.value.refusals[0].hint
    assert (root / "apps/cart.yaml").read_text() == before


def test_what_is_not_held_cannot_be_released(root: Path) -> None:
    """The answer names the file."""
    with pytest.raises(RefusedError, match="is not paused"):
        release(root, "cart", "paused")


def test_an_edit_that_would_break_the_catalog_is_refused(root: Path) -> None:
    """A reason that looks like a secret is one, here as in any file; nothing is written, also no part of it."""
    before = {file: file.read_text() for file in root.rglob("*.yaml")}
    with pytest.raises(CatalogError, match=r"apps/cart.yaml:\d+"):
        hold(root, "cart", "paused", "key AKIAIOSFODNN7EXAMPLE leaked", LATER, "ada", TODAY)
    assert {file: file.read_text() for file in root.rglob("*") if file.is_file() and file.suffix == ".yaml"} == before
    assert not list(root.rglob("*.part"))


def test_a_catalog_beside_another_is_edited_in_its_place(tmp_path: Path) -> None:
    """A nested parent may lie outside; that is found during the check, too."""
    nested = FILES["parent.yaml"].replace("name: shop", "name: inner") + "spec: {catalog: ../inner}\n"
    write(tmp_path / "inner", {name: FILES[name] for name in ("parent.yaml", "apps/orders.yaml")})
    root = write(tmp_path / "catalog", {**FILES, "apps/inner.yaml": nested})
    hold(root, "cart", "paused", "incident 12", LATER, "ada", TODAY)
    assert problems(root) == []


def test_somebody_elses_mistake_stops_no_pause(root: Path) -> None:
    """An incident does not wait for another file."""
    broken = root / "apps/report.yaml"
    broken.write_text(broken.read_text().replace("kind: cron-job", "kind: corn-job"))
    hold(root, "cart", "paused", "incident 12", LATER, "ada", TODAY)
    assert "paused:" in (root / "apps/cart.yaml").read_text()


def test_a_hold_that_is_over_is_told_and_still_holds() -> None:
    """The last day counts; a child in two places is told once."""
    held = {"reason": "incident 12", "owner": "ada", "until": "2026-12-01"}
    plan = session(catalog(child("cart", paused=held), child("web", "cart"), clusters=("eu-1", "us-1")),
                   FakeEngine()).plan  # fmt: skip
    assert overdue(plan, LATER) == ()
    assert overdue(plan, date(2026, 12, 2)) == (
        "cart: paused until 2026-12-01, over for 1 day (ada: incident 12); aoa resume cart, or set a later day",
    )


def test_a_record_says_who_and_why() -> None:
    """Both are missing at once; whitespace is no reason."""
    with pytest.raises(RefusedError) as refused:
        refuse_any(unaccounted("aoa failover", " ", ""))
    assert [refusal.hint for refusal in refused.value.refusals] == ["--reason 'what for'", "--owner NAME"]
    assert record("aoa failover", "flooded", "ada", TODAY).model_dump() == {
        "reason": "flooded", "owner": "ada", "since": TODAY,
    }  # fmt: skip


def test_who_is_at_work() -> None:
    """Git knows, else the user does."""
    assert me({"USER": "ada"}, lambda _: "Ada L.") == "Ada L."
    assert me({"USER": "ada"}, lambda _: "") == "ada"
    assert me({}, lambda _: "") == ""
