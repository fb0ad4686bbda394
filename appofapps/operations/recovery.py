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
from dataclasses import dataclass, field
from typing import Protocol

from appofapps.engine.engine import Engine
from appofapps.engine.names import resource_name
from appofapps.engine.results import EngineError, Lock, LockedError, PendingOperation, ResourceName, State
from appofapps.engine.state import UNVERIFIED
from appofapps.observe.pending import Find, finds

Names = tuple[ResourceName, ...]


class Finder(Protocol):
    """Tells what a pending creation made, in one package's world."""

    def __call__(self, pending: PendingOperation, /) -> str | None:
        """Return the id that the provider gives the thing, if it exists; None when it does not.

        The provider is asked whether it exists, so that an id that follows from the inputs may be returned unseen.
        """


def default_finders() -> Mapping[str, Finder]:
    """Return the finders for the packages that our components use."""

    def by_inputs(find: Find) -> Finder:
        return lambda pending: find(pending.name.type, pending.inputs, resource_name(pending.provider).resource)

    return {package: by_inputs(find) for package, find in finds().items()}


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
    state: State = field(default=State((), ()), compare=False)
    """The stack's state after it."""


def recover(engine: Engine, finders: Mapping[str, Finder] | None = None) -> Recovery:
    """Repair what an interrupted run of this stack left behind; quick when there is nothing.

    `finders` are by package, as in the type token (`aws`, `kubernetes`). Raises LockedError when somebody runs the
    stack, and EngineError when the engine cannot run or a finder cannot tell: then the state was not changed.
    """
    released, ended = _release_dead_locks(engine)
    state = engine.state()
    if state.pending:
        engine.settle(state, dict(_made(state.pending, finders or default_finders())))
        state_after = engine.state()
    else:
        state_after = state
    before = _unverified(state_after)
    if before:
        engine.refresh(targets=[name.urn for name in before])
        state_after = engine.state()
    after = _unverified(state_after)
    creations = {one.name for one in state.pending if one.kind == "creating" and _is_outside(one)}
    present = {resource.name for resource in state_after.resources}
    return Recovery(
        released=released,
        ended=ended,
        taken_in=_ordered(creations & present),
        cleared=_ordered(creations - present),
        verified=tuple(name for name in before if name not in after),
        unverified=after,
        state=state_after,
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
    """Find the ids of what the pending creations made, if anything, by URN."""
    for one in pending:
        if one.kind == "creating" and _is_outside(one):
            found = _found(one, finders)
            if found is not None:
                yield one.name.urn, found


def _found(one: PendingOperation, finders: Mapping[str, Finder]) -> str | None:
    package = one.name.type.partition(":")[0]
    try:
        return finders[package](one)
    except Exception as error:  # whatever the client of that world raises: it has to be known before going on
        raise EngineError(
            f"{one.name.urn}: its creation was interrupted, and what it made cannot be looked up ({error}); "
            "answer for it by hand: pulumi refresh"
        ) from error


def _is_outside(one: PendingOperation) -> bool:
    """Tell whether something outside the state would stand behind it: not behind a component or a provider."""
    return one.custom and not one.name.type.startswith("pulumi:providers:")


def _unverified(state: State) -> Names:
    return tuple(resource.name for resource in state.resources if UNVERIFIED in resource.errors)


def _ordered(names: set[ResourceName]) -> Names:
    return tuple(sorted(names, key=lambda name: name.urn))
