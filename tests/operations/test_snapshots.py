"""Whatever way a child goes by `aoa`, its volumes are saved first, or it stays."""

from dataclasses import replace

import pytest

from appofapps.engine.results import Operation, State
from appofapps.observe.snapshots import Volume
from appofapps.operations.deploy import Wish, deploy
from appofapps.operations.destroy import destroy
from appofapps.operations.refusal import RefusedError
from appofapps.operations.snapshots import take
from appofapps.plan.plan import Address
from tests.operations.fakes import FakeEngine, FakeWorld, catalog, change, child, result, session, state

ORDERS = Address("orders", "eu-1")
VOLUME = Volume(ORDERS, "dev-orders", "journal", "csi.example", "keeping")
GONE = result(*(change("orders@eu-1", Operation.DELETE, each) for each in ("namespace", "deployment")))


def deployed(policy: str = "snapshot") -> State:
    """Return the state of a stack that runs cart, and orders under a policy."""
    noted = {"metadata": {"name": "dev-orders", "annotations": {"appofapps.dev/deletion-policy": policy}}}
    now = state("orders@eu-1", "cart@eu-1")
    return State(tuple(
        replace(each, inputs=noted) if (each.name.child, each.name.resource) == (ORDERS, "namespace") else each
        for each in now.resources
    ), ())  # fmt: skip


def going(now: State) -> FakeEngine:
    """Return an engine that removes orders."""
    return FakeEngine(now=now, would=GONE, does=GONE)


def test_a_child_that_leaves_the_catalog_is_saved_first() -> None:
    """By the policy it was deployed with: its file may be gone."""
    engine, world = going(deployed()), FakeWorld(stored={"dev-orders": (VOLUME,)})
    report = deploy(session(catalog(child("cart")), engine, world), Wish(confirm_deletions=1))
    assert [(each.claim, each.content) for each in report.snapshots] == [
        ("dev-orders/journal", "snapcontent-journal-x7")
    ]
    assert engine.asked("up")

    without = deploy(session(catalog(child("cart")), going(deployed("delete")), world), Wish(confirm_deletions=1))
    assert without.snapshots == ()


def test_a_destroyed_stack_is_saved_first() -> None:
    """A whole stack keeps no more and no less than a child."""
    world = FakeWorld(stored={"dev-orders": (VOLUME,)})
    report = destroy(session(catalog(child("cart"), child("orders")), going(deployed()), world))
    assert [each.handle for each in report.snapshots] == ["snap-journal-x7"]


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("eu-1 knows no snapshots", "no snapshots of its volumes can be taken: eu-1 knows no snapshots"),
        ((replace(VOLUME, snapshot_class=""),), "dev-orders/journal: eu-1 has no VolumeSnapshotClass of driver"),
    ],
)
def test_what_cannot_be_saved_stays(stored: tuple[Volume, ...] | str, said: str) -> None:
    """The child is refused its removal before anything runs, by `up` and by `destroy`."""
    engine, world = going(deployed()), FakeWorld(stored={"dev-orders": stored})
    with pytest.raises(RefusedError, match=said):
        deploy(session(catalog(child("cart")), engine, world), Wish(confirm_deletions=1))
    with pytest.raises(RefusedError, match=said):
        destroy(session(catalog(child("cart")), engine, world))
    assert not engine.asked("up")


def test_a_snapshot_that_is_late_stops_the_removal() -> None:
    """It is named, with what it waits for; those that are ready stay, too."""
    world = FakeWorld(snapshot_status="quota exceeded")
    with pytest.raises(RefusedError) as refused:
        take(world, (VOLUME,), lambda _: None, patience=0)  # type: ignore[arg-type]
    (refusal,) = refused.value.refusals
    assert refusal.message == "snapshot dev-orders/journal-x7 of journal is not ready: quota exceeded"


def test_a_snapshot_is_waited_for() -> None:
    """As long as the storage needs."""
    world = FakeWorld(snapshot_status="not ready yet")

    def sleep(seconds: float) -> None:
        world.snapshot_status = ""

    said: list[str] = []
    (snapshot,) = take(world, (VOLUME,), said.append, sleep=sleep)  # type: ignore[arg-type]
    assert snapshot.content == "snapcontent-journal-x7"
    assert said == ["taking snapshot dev-orders/journal-x7 of journal in eu-1"]
