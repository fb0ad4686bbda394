"""One stack of the project, run by Pulumi's engine."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from appofapps.engine.results import Lock, OnEvent, RunResult, State


class Engine:
    """One stack of the project in a directory.

    `environment` is added to this process's environment for the engine and the program. Every method raises
    EngineError when the engine could not run at all, and LockedError when somebody else runs the stack; a child that
    fails is no exception but a RunResult with failures.
    """

    def __init__(self, project: Path, stack: str, environment: Mapping[str, str] | None = None) -> None:
        self.project = project
        self.stack = stack

    def preview(
        self, *, refresh: bool = False, targets: Sequence[str] = (), on_event: OnEvent | None = None
    ) -> RunResult:
        """Say what `up` would do, and write nothing. `targets` are URNs; empty means all."""
        raise NotImplementedError

    def up(
        self,
        *,
        refresh: bool = False,
        targets: Sequence[str] = (),
        parallel: int | None = None,
        on_event: OnEvent | None = None,
    ) -> RunResult:
        """Bring the world to what the program says."""
        raise NotImplementedError

    def destroy(
        self, *, targets: Sequence[str] = (), parallel: int | None = None, on_event: OnEvent | None = None
    ) -> RunResult:
        """Delete everything of the stack, in reverse order."""
        raise NotImplementedError

    def refresh(self, *, targets: Sequence[str] = (), on_event: OnEvent | None = None) -> RunResult:
        """Read the world into the state."""
        raise NotImplementedError

    def state(self) -> State:
        """Read the state; a stack that was never deployed has an empty one. Secrets stay encrypted."""
        raise NotImplementedError

    def outputs(self) -> Mapping[str, Any]:
        """Return what the program exported last; secrets are masked."""
        raise NotImplementedError

    def lock(self) -> Lock | None:
        """Return who holds the stack's lock."""
        raise NotImplementedError

    def release(self, lock: Lock) -> None:
        """Remove a lock whose holder is gone; raises LockedError when it is, or may be, alive."""
        raise NotImplementedError

    def interrupt(self) -> None:
        """End the run under way cleanly, from another thread; called again, end it at once."""
        raise NotImplementedError
