"""What the engine says, as plain frozen data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from appofapps.plan.plan import Address


class Operation(StrEnum):
    """What the engine does, or would do, to a resource."""

    SAME = "same"
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    REFRESH = "refresh"
    READ = "read"
    IMPORT = "import"
    ADOPT = "adopt"


@dataclass(frozen=True, slots=True)
class ResourceName:
    """A resource of ours, by the child it belongs to."""

    urn: str
    type: str
    """Pulumi's type token, such as `kubernetes:apps/v1:Deployment`."""
    child: Address | None
    """None for the stack, the parent and the providers."""
    resource: str
    """The name within the child: `deployment`, `role`, …; empty for the child's own component."""


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a preview, an update or a destroy."""

    name: ResourceName
    operation: Operation
    properties: tuple[str, ...] = ()
    """Paths of the inputs that differ, such as `spec.template.spec.containers[0].image`."""
    old: Mapping[str, Any] = field(default_factory=dict)
    """Inputs before; empty for a creation. Secrets are masked by the engine."""
    new: Mapping[str, Any] = field(default_factory=dict)
    """Inputs after; empty for a deletion."""


class Phase(StrEnum):
    """How far a step is."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StepEvent:
    """A step began or ended."""

    change: Change
    phase: Phase
    time: float
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something the engine, a provider or the program said."""

    severity: str
    """`status` (how a wait is going, until the next one), `info`, `warning` or `error`."""
    message: str
    name: ResourceName | None


Event = StepEvent | Diagnostic
OnEvent = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a preview, an update, a refresh or a destroy ended."""

    succeeded: bool
    changes: tuple[Change, ...]
    """Every step that ended well, or is planned by a preview: one a resource, `same` included, components left out."""
    failures: tuple[Diagnostic, ...]
    """The errors; the same error is named once."""
    unfinished: tuple[ResourceName, ...]
    """Started and neither done nor failed: what an interrupt left open."""
    seconds: float
    interrupted: bool = False
    """Somebody pressed Ctrl-C (or sent SIGTERM) and the engine ended early."""


@dataclass(frozen=True, slots=True)
class StateResource:
    """A resource as the state records it."""

    name: ResourceName
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    custom: bool = True
    """False for a component: nothing outside the state stands behind it."""
    retained: bool = False
    """Its removal leaves behind what it stands for."""
    errors: tuple[str, ...] = ()
    """What went wrong when it was last created or updated; the next `up` tries again."""


@dataclass(frozen=True, slots=True)
class PendingOperation:
    """A step that an earlier run began and never reported the end of."""

    name: ResourceName
    kind: str
    """`creating`, `updating`, `deleting`, `reading` or `importing`."""
    inputs: Mapping[str, Any]
    custom: bool = True
    """False for a component."""
    provider: str = ""
    """The URN of its provider, which is named after the cluster, or `aws-<region>`; empty for a component."""


@dataclass(frozen=True, slots=True)
class State:
    """The state of a stack."""

    resources: tuple[StateResource, ...]
    pending: tuple[PendingOperation, ...]

    def children(self) -> frozenset[Address]:
        """Return the children that have anything deployed."""
        return frozenset(resource.name.child for resource in self.resources if resource.name.child)


@dataclass(frozen=True, slots=True)
class Lock:
    """Who holds the lock of a stack."""

    host: str
    pid: int
    since: str
    user: str
    live: bool | None
    """False: the process is gone, on this host; None: cannot be told from here, so it counts as live."""
    file: str = ""
    """The lock's file, when the backend is a directory; empty otherwise."""


class EngineError(Exception):
    """The engine could not run: no backend, no plugin, no program, a crash. The message says what to do."""


class LockedError(EngineError):
    """Somebody else runs this stack."""

    def __init__(self, stack: str, lock: Lock) -> None:
        self.lock = lock
        super().__init__(
            f"stack {stack} is locked by {lock.user}@{lock.host}, process {lock.pid}, since {lock.since}; "
            "wait for it, or, when that process is surely gone, run: pulumi cancel --stack " + stack
        )
