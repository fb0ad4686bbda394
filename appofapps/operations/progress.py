"""Where each child is while the engine runs, folded from the engine's events."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from appofapps.catalog.models.kinds import Child
from appofapps.engine.results import Diagnostic, Event, Operation, Phase, ResourceName, State, StepEvent
from appofapps.operations.cause import is_cancelled, summary
from appofapps.plan.plan import Address, PlannedChild

QUIET: Final = frozenset({Operation.SAME, Operation.READ, Operation.REFRESH})
"""Steps that change nothing."""

OnProgress = Callable[["ChildProgress"], None]


class Stage(StrEnum):
    """How far a child is."""

    WAITING = "waiting"
    DEPLOYING = "deploying"
    READY = "ready"
    UNCHANGED = "unchanged"
    REMOVING = "removing"
    REMOVED = "removed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ChildProgress:
    """One child, now."""

    address: Address
    stage: Stage = Stage.WAITING
    started: float = 0.0
    """When its first step began, in seconds since the epoch; 0 before."""
    ended: float = 0.0
    """When its last step ended."""
    cause: str = ""
    """What it waits for, or why it failed."""

    def seconds(self, now: float) -> float:
        """Return for how long it has been at work."""
        settled = self.stage not in {Stage.DEPLOYING, Stage.REMOVING}
        return max(0.0, (self.ended if settled else now) - self.started) if self.started else 0.0


def resource_counts(state: State) -> Counter[Address]:
    """Return how many resources each child has, its component left out."""
    return Counter(found.name.child for found in state.resources if found.name.child and found.name.resource)


class Progress:
    """Keeps the rows of a live table; feed it events with `on_event`."""

    def __init__(
        self,
        children: Iterable[PlannedChild[Child]],
        leaving: Mapping[Address, int] = MappingProxyType({}),
        listen: OnProgress | None = None,
    ) -> None:
        """Follow the children of a plan, and those that leave, by how many resources each still has."""
        self._mains = {planned.address: planned.child.main_resource for planned in children}
        self._left = dict(leaving)
        self._rows = {address: ChildProgress(address) for address in (*self._mains, *self._left)}
        self._open: defaultdict[Address, set[str]] = defaultdict(set)
        self._live: set[Address] = set()
        """Whose main resource is done."""
        self._listen = listen

    def rows(self) -> tuple[ChildProgress, ...]:
        """Return all children, in dependency order."""
        return tuple(self._rows.values())

    def row(self, address: Address) -> ChildProgress:
        """Return one child, which may be one that no plan knows any more."""
        return self._rows.get(address, ChildProgress(address))

    def explain(self, address: Address, cause: str) -> None:
        """Note what a child is waiting for."""
        if self.row(address).stage is Stage.DEPLOYING:
            self._put(replace(self.row(address), cause=cause))

    def on_event(self, event: Event) -> None:
        """Take one event of the engine."""
        name = event.change.name if isinstance(event, StepEvent) else event.name
        if name is None or name.child is None:
            return
        if isinstance(event, StepEvent):
            self._step(name.child, name, event)
        elif event.severity == "error" and not is_cancelled(event.message):
            self._failed(name.child, event)

    def _step(self, child: Address, name: ResourceName, event: StepEvent) -> None:
        open_ones = self._open[child]
        if event.phase is Phase.STARTED:
            open_ones.add(name.urn)
        else:
            open_ones.discard(name.urn)
        old = self.row(child)
        idle = event.change.operation in QUIET and not old.started
        started = 0.0 if idle else old.started or event.time
        new = replace(old, stage=self._stage(old, name, event), started=started, ended=event.time)
        self._put(replace(new, cause="") if new.stage in {Stage.READY, Stage.REMOVED} else new)

    def _stage(self, old: ChildProgress, name: ResourceName, event: StepEvent) -> Stage:
        if old.stage is Stage.FAILED or event.phase is Phase.FAILED:
            return Stage.FAILED
        if old.address not in self._mains:
            return self._removal(old.address, event)
        if name.resource == self._mains.get(old.address) and event.phase is Phase.DONE:
            self._live.add(old.address)
        done = old.address in self._live and not self._open[old.address]
        # Once ready it stays so: what still follows the main resource, an alarm or a trigger, takes nothing from it.
        settled = Stage.READY if done or old.stage is Stage.READY else Stage.DEPLOYING
        if event.change.operation not in QUIET:
            return settled
        if old.stage is Stage.WAITING:
            return Stage.UNCHANGED if old.address in self._live else Stage.WAITING
        return old.stage if old.stage is Stage.UNCHANGED else settled

    def _removal(self, child: Address, event: StepEvent) -> Stage:
        if event.phase is Phase.DONE and event.change.operation is Operation.DELETE:
            self._left[child] = self._left.get(child, 0) - 1
        return Stage.REMOVED if self._left.get(child) == 0 else Stage.REMOVING

    def _failed(self, child: Address, said: Diagnostic) -> None:
        old = self.row(child)
        now = time.time()
        self._put(
            replace(
                old, stage=Stage.FAILED, cause=old.cause or summary(said.message), started=old.started or now, ended=now
            )
        )

    def _put(self, row: ChildProgress) -> None:
        old = self._rows.get(row.address)
        self._rows[row.address] = row
        if self._listen and (old is None or (old.stage, old.cause) != (row.stage, row.cause)):
            self._listen(row)
