"""Preview, status, destroy and plan: what they report, and the exit code."""

import pytest

from appofapps.catalog.models.parent import StackTarget
from appofapps.engine.results import Operation, Phase
from appofapps.observe.health import Condition, Health
from appofapps.operations import planning
from appofapps.operations.cause import summary
from appofapps.operations.destroy import destroy
from appofapps.operations.preview import preview
from appofapps.operations.progress import ChildProgress, Progress, Stage
from appofapps.operations.refusal import RefusedError
from appofapps.operations.report import Outcome
from appofapps.operations.session import stack_needs
from appofapps.operations.status import status
from appofapps.plan.plan import Address
from tests.operations.fakes import (
    FakeEngine,
    FakeWorld,
    catalog,
    change,
    child,
    failure,
    result,
    session,
    state,
    steps,
)

CREATE, UPDATE, SAME, DELETE, REPLACE = (
    Operation.CREATE, Operation.UPDATE, Operation.SAME, Operation.DELETE, Operation.REPLACE,
)  # fmt: skip


def inputs(version: str, image: str) -> dict:
    """Return the inputs of a Deployment."""
    return {
        "metadata": {"labels": {"app.kubernetes.io/version": version}},
        "spec": {"template": {"spec": {"containers": [{"image": image}]}}},
    }


def test_a_preview_tells_old_from_new() -> None:
    """Version and image, replacements flagged, by child."""
    changed = change("cart@eu-1", UPDATE, old=inputs("1.0.0", "server:1"), new=inputs("1.1.0", "server:2"))
    engine = FakeEngine(
        now=state("cart@eu-1", "old@eu-1"),
        would=result(changed, change("cart@eu-1", REPLACE, "config"), change("web@eu-1", CREATE),
                     change("old@eu-1", DELETE)),
    )  # fmt: skip
    report = preview(session(catalog(child("cart"), child("web")), engine))
    cart, web, old = report.children
    assert (cart.verb, cart.old_version, cart.new_version) == ("changed", "1.0.0", "1.1.0")
    assert (cart.old_image, cart.new_image, cart.replaces, cart.deletes) == ("server:1", "server:2", True, False)
    assert (web.verb, old.verb, old.deletes) == ("added", "removed", True)
    assert report.exit_code == 1


def test_a_preview_without_differences_exits_0() -> None:
    """Nothing to do is what a scheduled check wants to hear."""
    engine = FakeEngine(now=state("cart@eu-1"), would=result(change("cart@eu-1", SAME)))
    report = preview(session(catalog(child("cart")), engine))
    assert (report.children, report.exit_code) == ((), 0)


def test_status_tells_deployed_from_wanted() -> None:
    """A child that is not ready, not deployed, or unknown to the catalog, each with its cause, exits 1."""
    world = FakeWorld(health={"web@eu-1": Health(Condition.MISSING, "not in the cluster")})
    found = status(session(catalog(child("cart"), child("web")), FakeEngine(now=state("cart@eu-1", "old@eu-1")), world))
    rows = {str(row.address): row for row in found.children}
    assert (rows["cart@eu-1"].version, rows["cart@eu-1"].ready) == ("1.0.0", True)
    assert (rows["web@eu-1"].version, rows["web@eu-1"].condition) == ("", "missing")
    assert "does not know it any more" in rows["old@eu-1"].cause
    assert found.exit_code == 1


def test_status_of_a_healthy_stack_exits_0() -> None:
    """Every child was observed ready."""
    found = status(session(catalog(child("cart")), FakeEngine(now=state("cart@eu-1"))))
    assert (len(found.children), found.exit_code) == (1, 0)


def test_destroy_reports_what_is_gone_and_what_is_not() -> None:
    """What could not be deleted is named with its cause."""
    engine = FakeEngine(
        now=state("cart@eu-1", "web@eu-1"),
        does=result(change("web@eu-1", DELETE), failures=[failure("cart@eu-1", "finalizer")]),
    )

    def deleted() -> None:
        engine.now = state("cart@eu-1")

    engine.during = deleted
    report = destroy(session(catalog(child("cart"), child("web", "cart")), engine))
    assert {str(c.address): (c.outcome, c.cause) for c in report.children} == {
        "cart@eu-1": (Outcome.FAILED, "finalizer"),
        "web@eu-1": (Outcome.REMOVED, ""),
    }
    assert report.exit_code == 1


def test_destroying_nothing_is_fine() -> None:
    """A stack that was never deployed is as asked."""
    engine = FakeEngine()
    assert (destroy(session(catalog(child("cart")), engine)).exit_code, engine.calls) == (0, [])


def test_the_plan_adds_up_deadlines() -> None:
    """The worst case of a child is the longest chain of deadlines that ends with it."""
    files = catalog(child("cart"), child("orders", deadline=100), child("web", "cart", "orders"))
    report = planning.describe(session(files, FakeEngine()).plan)
    rows = {row.address.child: (row.wave, row.worst_case) for row in report.children}
    assert rows == {"cart": (1, 60), "orders": (1, 100), "web": (2, 160)}


def stacks(**select: dict) -> dict[str, StackTarget]:
    """Return stacks of `dev` by what they select."""
    return {name: StackTarget(environment="dev", select=chosen) for name, chosen in select.items()}


def test_stacks_run_after_those_they_need() -> None:
    """The order comes from the children."""
    files = catalog(child("cart"), child("web", "cart"))
    parts = stacks(front={"name": "web"}, shared={"name": "cart"})
    assert stack_needs(files, parts, "dev") == {"front": {"shared"}, "shared": set()}


def test_stacks_that_need_each_other_are_refused_with_the_path() -> None:
    """No order would do."""
    files = catalog(child("cart"), child("web", "cart"), child("search", "web"))
    parts = stacks(one={"name": ("cart", "search")}, two={"name": "web"})
    with pytest.raises(RefusedError, match=r"need each other: (one -> two -> one|two -> one -> two)"):
        stack_needs(files, parts, "dev")


def test_progress_follows_the_main_resource() -> None:
    """A child is ready when its Deployment is, and not when the first resource of many is."""
    files = session(catalog(child("cart"), child("web", "cart")), FakeEngine()).plan.children
    heard: list[ChildProgress] = []
    progress = Progress(files, listen=heard.append)
    events = (
        *steps("cart@eu-1", CREATE, Phase.STARTED, Phase.DONE, resource="namespace"),
        *steps("cart@eu-1", CREATE, Phase.STARTED, Phase.DONE),
        *steps("web@eu-1", CREATE, Phase.STARTED, Phase.FAILED),
    )
    for event in events:
        progress.on_event(event)
    assert [(str(row.address), row.stage) for row in heard] == [
        ("cart@eu-1", Stage.DEPLOYING), ("cart@eu-1", Stage.READY),
        ("web@eu-1", Stage.DEPLOYING), ("web@eu-1", Stage.FAILED),
    ]  # fmt: skip


def test_progress_of_an_unchanged_child() -> None:
    """What stays the same takes no time and is not announced as at work."""
    files = session(catalog(child("cart")), FakeEngine()).plan.children
    progress = Progress(files)
    for event in steps("cart@eu-1", SAME, Phase.STARTED, Phase.DONE):
        progress.on_event(event)
    (row,) = progress.rows()
    assert (row.stage, row.seconds(2000.0)) == (Stage.UNCHANGED, 0.0)


def test_progress_of_a_removal_counts_its_resources() -> None:
    """A child is removed when the last of its resources is."""
    progress = Progress((), {Address("cart", "eu-1"): 2})
    stages = []
    for resource in ("deployment", "namespace"):
        for event in steps("cart@eu-1", DELETE, Phase.STARTED, Phase.DONE, resource=resource):
            progress.on_event(event)
        stages.append(progress.row(Address("cart", "eu-1")).stage)
    assert stages == [Stage.REMOVING, Stage.REMOVED]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("2 errors occurred:\n\t* timed out\n\t* not ready\n\n", "timed out; not ready"),
        ("boom\nTraceback (most recent call last)\n  File x\nValueError: bad", "ValueError: bad"),
        ("a problem: desc = Invoke callback 1a-2b error: role/a is wide; no:\n  File x\n    y\n", "role/a is wide; no"),
        ("x" * 400, "x" * 299 + "…"),
    ],
)
def test_a_long_error_in_one_line(message: str, said: str) -> None:
    """The points of a list, the exception of a traceback, and never more than a line."""
    assert summary(message) == said
