"""Repair what an interrupted run left behind, before the next one.

The engine writes down every step before it begins (pulumi/pkg/backend/snapshot.go: BeginMutation waits for the
checkpoint), so whatever a killed run may have made is named in the state, as an operation that is pending. It leaves
three things: its lock, plugins that may still be in a call, and the pending operations. By itself the engine clears
interrupted updates and deletions without looking, and keeps interrupted creations forever, also after the resource
was created again. So:

1. The lock of a dead process is released, once its plugins are gone; the lock of a living one is refused.
2. What an interrupted creation really made is looked up by its deterministic physical name and taken into the state.
3. Everything that was being created, updated or deleted is marked as unverified, then read from its provider. What is
   not there leaves the state; what could not be read (a cluster out of reach) stays marked: the engine updates it at
   the next `up` in any case, and the next recovery reads it again. So recovery may itself be interrupted anywhere.

`pulumi refresh --import-pending-creates` is not used: it changes the operation's type and nothing reads that.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from appofapps.engine.engine import Engine
from appofapps.engine.results import Lock, LockedError, PendingOperation, ResourceName, RunResult
from appofapps.engine.state import UNVERIFIED


class Finder(Protocol):
    """Looks up what a pending creation made, in one package's world."""

    def __call__(self, pending: PendingOperation, /) -> str | None:
        """Return the id `pulumi import` takes for it, None when there is no such thing, or none of ours."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """What recovery did."""

    released: tuple[Lock, ...] = ()
    """Locks of processes that are gone."""
    ended: tuple[int, ...] = ()
    """Process ids of plugins that had outlived them."""
    taken_in: tuple[ResourceName, ...] = ()
    """Made by an interrupted creation, and now in the state."""
    cleared: tuple[ResourceName, ...] = ()
    """An interrupted creation that made nothing."""
    verified: tuple[ResourceName, ...] = ()
    """Interrupted in any step, and read from the provider since."""
    unverified: tuple[ResourceName, ...] = ()
    """Could not be read; the next `up` updates them, the next recovery reads them."""

    @property
    def needed(self) -> bool:
        """Tell whether there was anything to do."""
        return self != Recovery()


def recover(engine: Engine, finders: Mapping[str, Finder]) -> Recovery:
    """Repair what an interrupted run of this stack left behind; quick when there is nothing.

    `finders` are by package, as in the type token: `aws`, `kubernetes`. Raises LockedError when somebody runs the
    stack, EngineError when the engine cannot, and what a finder raises when it cannot tell: then nothing was changed.
    """
    released, ended = _release_dead_locks(engine)
    state = engine.state()
    made = dict(_made(state.pending, finders))
    if state.pending:
        engine.settle(state, made)
    creations = [pending for pending in state.pending if pending.kind == "creating" and pending.custom]
    verified, unverified = _verify(engine)
    return Recovery(
        released=released,
        ended=ended,
        taken_in=tuple(pending.name for pending in creations if pending.name.urn in made),
        cleared=tuple(pending.name for pending in creations if pending.name.urn not in made),
        verified=verified,
        unverified=unverified,
    )


def _release_dead_locks(engine: Engine) -> tuple[tuple[Lock, ...], tuple[int, ...]]:
    released: list[Lock] = []
    ended: list[int] = []
    while lock := engine.lock():
        if lock.live is not False:
            raise LockedError(engine.stack, lock)
        ended += engine.release(lock)
        released.append(lock)
    return tuple(released), tuple(ended)


def _made(pending: tuple[PendingOperation, ...], finders: Mapping[str, Finder]) -> Iterator[tuple[str, str]]:
    """Find what the pending creations made: URN and id. Providers and components stand for nothing outside."""
    for one in pending:
        if one.kind != "creating" or not one.custom or one.name.type.startswith("pulumi:providers:"):
            continue
        found = finders[one.name.type.partition(":")[0]](one)
        if found is not None:
            yield one.name.urn, found


def _verify(engine: Engine) -> tuple[tuple[ResourceName, ...], tuple[ResourceName, ...]]:
    """Read what is unverified from its provider; return what was, and what could not be."""
    before = _unverified(engine)
    if not before:
        return (), ()
    _refresh(engine, before)
    after = _unverified(engine)
    return tuple(name for name in before if name not in after), after


def _refresh(engine: Engine, names: tuple[ResourceName, ...]) -> RunResult:
    return engine.refresh(targets=[name.urn for name in names])


def _unverified(engine: Engine) -> tuple[ResourceName, ...]:
    return tuple(resource.name for resource in engine.state().resources if UNVERIFIED in resource.errors)
