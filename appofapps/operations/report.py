"""What a run did, child by child."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from appofapps.observe.snapshots import Snapshot
from appofapps.plan.plan import Address


class Outcome(StrEnum):
    """How a run ended for one child."""

    DEPLOYED = "deployed"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    FAILED = "failed"
    NOT_STARTED = "not started"
    """Something it needs failed, or is out of reach."""
    OUT_OF_REACH = "out of reach"
    """Its cluster does not answer: it is as it was, or missing."""
    UNFINISHED = "unfinished"
    """An interrupt came first."""


FINE = frozenset({Outcome.DEPLOYED, Outcome.UNCHANGED, Outcome.REMOVED})


@dataclass(frozen=True, slots=True)
class ChildOutcome:
    """One child in one place, after a run."""

    address: Address
    kind: str
    version: str
    owner: str
    outcome: Outcome
    cause: str = ""
    seconds: float = 0.0
    """From its first step to its last."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """What an `up` or a `destroy` did."""

    verb: str
    stack: str
    children: tuple[ChildOutcome, ...] = ()
    unreachable: Mapping[str, str] = field(default_factory=dict)
    """The clusters out of reach, and why."""
    failures: tuple[str, ...] = ()
    """Errors that belong to no child."""
    notes: tuple[str, ...] = ()
    """What happened on the way: a lock released, an operation recovered."""
    unfinished: tuple[str, ...] = ()
    """Resources an interrupt left open."""
    snapshots: tuple[Snapshot, ...] = ()
    """What stays of the volumes of children that went."""
    interrupted: bool = False
    seconds: float = 0.0

    @property
    def changed(self) -> bool:
        """Tell whether the run did anything."""
        return any(child.outcome is not Outcome.UNCHANGED for child in self.children)

    @property
    def exit_code(self) -> int:
        """Return 0 as asked, 1 when anything is not."""
        fine = all(child.outcome in FINE for child in self.children)
        return 0 if fine and not (self.failures or self.unfinished or self.interrupted) else 1
