"""The engine, for real, on a project whose world is a directory."""

import os
import signal
import threading

import pytest

from appofapps.engine.engine import Engine
from appofapps.engine.results import Diagnostic, EngineError, Event, LockedError, Operation, Phase, RunResult, StepEvent
from tests.engine.shop_project import Shop, wait_for

pytestmark = pytest.mark.e2e


def operations(result: RunResult) -> dict[str, Operation]:
    """Return what was done to the children's resources."""
    return {f"{c.name.child}/{c.name.resource}": c.operation for c in result.changes if c.name.child}


def test_up_then_nothing_to_do(shop: Shop) -> None:
    """A deployment follows the needs, a second one changes nothing, and the committed files stay as they are."""
    shop.wants(cart={"role": {"version": 1}}, web={"deployment": {"version": 1}, "needs": ["cart"]})
    committed = {file: file.read_bytes() for file in shop.directory.glob("Pulumi*")}
    events: list[Event] = []

    first = shop.engine().up(on_event=events.append)
    again = shop.engine().up()

    steps = [(str(e.change.name.child), e.phase) for e in events if isinstance(e, StepEvent) and e.change.name.child]
    assert first.succeeded
    assert steps.index(("cart@eu-1", Phase.DONE)) < steps.index(("web@eu-1", Phase.STARTED))
    assert set(operations(again).values()) == {Operation.SAME}
    assert shop.exists() == {"cart-eu-1-role": 1, "web-eu-1-deployment": 1}
    assert shop.engine().outputs() == {"children": ["cart@eu-1", "web@eu-1"]}
    assert {str(child) for child in shop.engine().state().children()} == {"cart@eu-1", "web@eu-1"}
    assert {file: file.read_bytes() for file in shop.directory.glob("Pulumi*")} == committed


def test_preview_writes_nothing(shop: Shop) -> None:
    """A preview tells what would be done, even of a stack that was never deployed, and leaves no trace."""
    shop.wants(cart={"role": {"version": 1}})

    result = shop.engine().preview()

    assert operations(result) == {"cart@eu-1/role": Operation.CREATE}
    assert shop.exists() == {}
    assert not list((shop.directory.parent / "backend").rglob("*.json"))
    assert shop.engine().state().resources == ()


def test_preview_tells_what_differs(shop: Shop) -> None:
    """A preview names changed properties, replacements (once) and deletions."""
    shop.wants(cart={"role": {"version": 1}, "queue": {"version": 1}}, web={"deployment": {}})
    shop.engine().up()
    shop.wants(cart={"role": {"version": 2}, "queue": {"version": 1, "name": "orders"}})

    result = shop.engine().preview()

    changed = {c.name.resource: c for c in result.changes if c.name.child}
    assert changed["role"].operation is Operation.UPDATE
    assert changed["role"].properties == ("version",)
    assert (changed["role"].old["version"], changed["role"].new["version"]) == (1, 2)
    assert changed["queue"].operation is Operation.REPLACE
    assert changed["deployment"].operation is Operation.DELETE


def test_independent_failure(shop: Shop) -> None:
    """A child that fails stops its dependents only, and is named with the cause; repaired, the next run converges."""
    children = {"cart": {"role": {"fails": True}}, "web": {"deployment": {}, "needs": ["cart"]}, "mail": {"role": {}}}
    shop.wants(**{name: dict(things) for name, things in children.items()})

    result = shop.engine().up()

    assert not result.succeeded
    assert [(str(f.name and f.name.child), f.message) for f in result.failures] == [("cart@eu-1", "no such image")]
    assert list(shop.exists()) == ["mail-eu-1-role"]
    shop.wants(**{**children, "cart": {"role": {}}})
    assert shop.engine().up().succeeded
    assert list(shop.exists()) == ["cart-eu-1-role", "mail-eu-1-role", "web-eu-1-deployment"]


def test_targets(shop: Shop) -> None:
    """Only the targets are touched."""
    shop.wants(cart={"role": {"version": 1}}, mail={"role": {"version": 1}})
    shop.engine().up()
    shop.wants(cart={"role": {"version": 2}}, mail={"role": {"version": 2}})
    urn = next(r.name.urn for r in shop.engine().state().resources if str(r.name.child) == "cart@eu-1" and r.custom)

    assert shop.engine().up(targets=[urn]).succeeded

    assert shop.exists() == {"cart-eu-1-role": 2, "mail-eu-1-role": 1}


def test_drift_is_repaired(shop: Shop) -> None:
    """What was removed and changed by hand is found by a preview with refresh, and repaired by an up with refresh."""
    shop.wants(cart={"role": {"version": 1}, "queue": {"version": 1}})
    shop.engine().up()
    (shop.world / "cart-eu-1-queue").unlink()

    assert operations(shop.engine().preview(refresh=True))["cart@eu-1/queue"] is Operation.CREATE
    assert shop.engine().up(refresh=True).succeeded
    assert shop.exists() == {"cart-eu-1-queue": 1, "cart-eu-1-role": 1}


def test_destroy(shop: Shop) -> None:
    """Everything goes, dependents first; destroying nothing is fine."""
    shop.wants(cart={"role": {}}, web={"deployment": {}, "needs": ["cart"]})
    assert shop.engine().destroy().succeeded
    shop.engine().up()
    events: list[Event] = []

    result = shop.engine().destroy(on_event=events.append)

    deleted = [str(e.change.name.child) for e in events if isinstance(e, StepEvent) and e.phase is Phase.DONE]
    assert result.succeeded
    assert [child for child in deleted if child != "None"] == ["web@eu-1", "cart@eu-1"]
    assert shop.exists() == {}
    assert shop.engine().state().resources == ()


def test_program_that_crashes(shop: Shop) -> None:
    """A program that cannot run is no child's failure: the engine could not run, and says why."""
    (shop.directory / "shop.json").write_text("{")

    with pytest.raises(EngineError, match="JSONDecodeError"):
        shop.engine().up()


def test_unknown_stack(shop: Shop) -> None:
    """A stack without a file is refused, with those there are."""
    with pytest.raises(EngineError, match=r"no stack 'pord'.*there are: dev"):
        Engine(shop.directory, "pord")


def test_second_run_is_refused(shop: Shop) -> None:
    """Who runs a stack that somebody runs is told who, and cannot take the lock away."""
    shop.wants(cart={"role": {"hold": "before-create"}})
    other = shop.engine()
    with shop.held(shop.engine().up, "cart-eu-1-role") as results:
        lock = other.lock()
        with pytest.raises(LockedError) as refusal:
            other.up()
        assert lock
        with pytest.raises(LockedError):
            other.release(lock)
        (shop.world / "let-go").touch()

    assert lock.live
    assert refusal.value.lock.pid == lock.pid
    assert results[0].succeeded
    assert other.lock() is None


def test_first_interrupt_ends_cleanly(shop: Shop) -> None:
    """Ctrl-C lets what is under way finish, starts nothing new, and leaves no lock and nothing pending."""
    shop.wants(cart={"role": {"hold": "before-create"}}, web={"deployment": {}, "needs": ["cart"]})
    wait = threading.Thread(target=_interrupt_when_held, args=(shop, 1))
    wait.start()

    result = shop.engine().up()

    wait.join()
    assert result.interrupted
    assert not result.succeeded
    assert list(shop.exists()) == ["cart-eu-1-role"]
    assert shop.engine().lock() is None
    assert shop.engine().state().pending == ()


def test_second_interrupt_is_final(shop: Shop) -> None:
    """A second Ctrl-C ends the run at once and says what it left open."""
    shop.wants(cart={"role": {"hold": "after-create"}})
    wait = threading.Thread(target=_interrupt_when_held, args=(shop, 2))
    wait.start()

    result = shop.engine().up()

    wait.join()
    assert result.interrupted
    assert [name.resource for name in result.unfinished] == ["role"]


def test_failing_listener(shop: Shop) -> None:
    """An error in the code that listens to events is not swallowed."""
    shop.wants(cart={"role": {}})

    def listen(event: Event) -> None:
        if isinstance(event, StepEvent | Diagnostic):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        shop.engine().up(on_event=listen)


def _interrupt_when_held(shop: Shop, times: int) -> None:
    wait_for((shop.world / "held-cart-eu-1-role").exists)
    os.kill(os.getpid(), signal.SIGINT)
    if times == 1:
        threading.Timer(1, (shop.world / "let-go").touch).start()
    else:
        threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()
