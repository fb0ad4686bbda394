"""Recovery from a killed engine, for real, on a project whose world is a directory."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from appofapps.engine.results import EngineError, LockedError, Operation, PendingOperation
from appofapps.operations.recovery import Finder, Recovery, recover
from tests.engine.shop_project import Shop, make_shop

pytestmark = pytest.mark.e2e


def found(pending: PendingOperation) -> str:
    """Return the id that the world's file of these inputs has."""
    return str(pending.inputs["name"])


FINDERS: Mapping[str, Finder] = {"shop": found}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Return a project whose world is a directory."""
    return make_shop(tmp_path, monkeypatch.setenv)


def converges(shop: Shop) -> bool:
    """Run `up`, and tell whether it succeeds and leaves nothing to do and nothing pending."""
    engine = shop.engine()
    done = engine.up().succeeded
    left = {change.operation for change in engine.preview().changes} - {Operation.SAME}
    return done and not left and not engine.state().pending


def test_nothing_to_recover(shop: Shop) -> None:
    """A stack that was never deployed needs no recovery."""
    assert recover(shop.engine(), FINDERS) == Recovery()


def test_killed_in_creations(shop: Shop) -> None:
    """What a killed creation made is taken in and not made twice; what it did not make is made by the next run.

    The lock of the dead engine and its plugins, one of which is still in its call, are gone.
    """
    shop.wants(cart={"role": {"version": 1, "hold": "after-create"}, "queue": {"hold": "before-create"}})
    shop.killed("cart-eu-1-role", "cart-eu-1-queue")

    recovery = recover(shop.engine(), FINDERS)

    assert len(recovery.released) == 1
    assert recovery.ended
    assert [name.resource for name in recovery.taken_in] == ["role"]
    assert [name.resource for name in recovery.cleared] == ["queue"]
    assert recovery.unverified == ()
    assert shop.engine().lock() is None
    shop.wants(cart={"role": {"version": 1}, "queue": {"version": 1}})
    assert converges(shop)
    assert shop.exists() == {"cart-eu-1-queue": 1, "cart-eu-1-role": 1}
    assert recover(shop.engine(), FINDERS) == Recovery()


def test_killed_creation_that_is_wanted_no_more(shop: Shop) -> None:
    """What a killed creation made is deleted by the next run when the program has dropped it meanwhile."""
    shop.wants(cart={"role": {"hold": "after-create"}, "queue": {}})
    shop.killed("cart-eu-1-role")
    shop.wants(cart={"queue": {}})

    recover(shop.engine(), FINDERS)

    assert converges(shop)
    assert shop.exists() == {"cart-eu-1-queue": None}


def test_killed_while_writing_the_checksum(shop: Shop) -> None:
    """A checksum file that was being written when the engine was killed does not make its state unreadable."""
    shop.wants(cart={"role": {"hold": "after-create"}})
    shop.killed("cart-eu-1-role")
    for checksum in (shop.directory.parent / "backend").rglob("dev.json.attrs"):
        checksum.write_text("")
    with pytest.raises(EngineError, match="EOF"):
        shop.engine().state()

    recover(shop.engine(), FINDERS)

    shop.wants(cart={"role": {}})
    assert converges(shop)


def test_killed_in_updates_that_are_taken_back(shop: Shop) -> None:
    """The world is what the program says, also when it says again what it said before the killed updates."""
    shop.wants(cart={"role": {"version": 1}, "queue": {"version": 1}})
    shop.engine().up()
    shop.wants(cart={"role": {"version": 2, "hold": "before-update"}, "queue": {"version": 2, "hold": "after-update"}})
    shop.killed("cart-eu-1-role", "cart-eu-1-queue")
    shop.wants(cart={"role": {"version": 1}, "queue": {"version": 1}})

    recovery = recover(shop.engine(), FINDERS)

    assert {name.resource for name in recovery.verified} >= {"role"}
    assert converges(shop)
    assert shop.exists() == {"cart-eu-1-queue": 1, "cart-eu-1-role": 1}


def test_killed_in_deletions(shop: Shop) -> None:
    """A deletion is carried on; one that is taken back makes the resource again if it is gone."""
    shop.wants(
        cart={"role": {"hold": "before-delete"}, "queue": {"hold": "after-delete"}, "table": {"hold": "after-delete"}}
    )
    shop.engine().up()
    shop.wants()
    shop.killed("cart-eu-1-role", "cart-eu-1-queue", "cart-eu-1-table")
    shop.wants(cart={"table": {"version": 2}})
    (shop.world / "let-go").touch()

    recover(shop.engine(), FINDERS)

    assert converges(shop)
    assert shop.exists() == {"cart-eu-1-table": 2}


def test_killed_in_a_replacement(shop: Shop) -> None:
    """The new resource is taken in, and the old one deleted by the next run."""
    shop.wants(cart={"queue": {"name": "old"}})
    shop.engine().up()
    shop.wants(cart={"queue": {"name": "new", "hold": "after-create"}})
    shop.killed("new")

    recovery = recover(shop.engine(), FINDERS)

    assert [name.resource for name in recovery.taken_in] == ["queue"]
    assert converges(shop)
    assert shop.exists() == {"new": None}


def test_world_out_of_reach(shop: Shop) -> None:
    """What cannot be read stays unverified, so that it is made by the next run and not believed to be there."""
    shop.wants(cart={"role": {"version": 1, "hold": "before-create"}})
    shop.killed("cart-eu-1-role")
    (shop.world / "out-of-reach").touch()

    recovery = recover(shop.engine(), FINDERS)

    (shop.world / "out-of-reach").unlink()
    assert [name.resource for name in recovery.unverified] == ["role"]
    shop.wants(cart={"role": {"version": 1}})
    assert converges(shop)
    assert shop.exists() == {"cart-eu-1-role": 1}


def test_finder_that_cannot_tell(shop: Shop) -> None:
    """When it cannot be told what a creation made, the state stays as it is, and the resource is named."""
    shop.wants(cart={"role": {"hold": "after-create"}})
    shop.killed("cart-eu-1-role")

    with pytest.raises(EngineError, match="cart@eu-1/role"):
        recover(shop.engine(), {"aws": found})

    assert [pending.kind for pending in shop.engine().state().pending] == ["creating"]


def test_live_run_is_left_alone(shop: Shop) -> None:
    """The lock and the pending operations of a run under way are nobody else's business."""
    shop.wants(cart={"role": {"hold": "before-create"}})
    with shop.held(shop.engine().up, "cart-eu-1-role") as results:
        with pytest.raises(LockedError):
            recover(shop.engine(), FINDERS)
        (shop.world / "let-go").touch()

    assert results[0].succeeded
