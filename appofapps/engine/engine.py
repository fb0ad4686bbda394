"""One stack of the project, run by Pulumi's engine."""

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pulumi.automation.errors import CommandError, StackNotFoundError

from appofapps.engine.commandline import CommandLine, text
from appofapps.engine.eventlog import following
from appofapps.engine.events import Record
from appofapps.engine.leftovers import end_leftovers
from appofapps.engine.lock import read_locks, remove_torn_checksums
from appofapps.engine.names import resource_name
from appofapps.engine.results import Diagnostic, EngineError, Lock, LockedError, OnEvent, ResourceName, RunResult, State
from appofapps.engine.state import read_state, with_note, without_cluster, without_pending

PARALLEL = 32
"""Steps at a time. They wait for clusters and clouds, not for a processor; the engine's default is 4 a core."""
_QUIET = ("--color", "never", "--suppress-progress", "--suppress-outputs", "--exec-kind", "auto.local")


class Engine:
    """One stack of the project in a directory.

    `environment` is added to this process's environment for the engine and the program. Every method raises
    EngineError when the engine could not run at all, and LockedError when somebody else runs the stack; a child that
    fails is no exception but a RunResult with failures. While a run is under way on the main thread, Ctrl-C and
    SIGTERM end it cleanly, the second one at once; on another thread, `interrupt` does the same.
    """

    def __init__(self, project: Path, stack: str, environment: Mapping[str, str] | None = None) -> None:
        self.project = project
        self.stack = stack
        self._cli = CommandLine(project, stack, environment or {})

    def preview(
        self,
        *,
        refresh: bool = False,
        targets: Sequence[str] = (),
        parallel: int | None = None,
        on_event: OnEvent | None = None,
    ) -> RunResult:
        """Say what `up` would do, and write nothing. `targets` are URNs; empty means all."""
        arguments = ["preview", *_options(refresh, targets, parallel)]
        try:
            return self._run(arguments, on_event)
        except StackNotFoundError:
            with TemporaryDirectory(prefix="appofapps-") as nowhere:
                backend = {"PULUMI_BACKEND_URL": f"file://{nowhere}"}
                self._cli.create_stack(backend)
                return self._run(arguments, on_event, backend)

    def up(
        self,
        *,
        refresh: bool = False,
        targets: Sequence[str] = (),
        parallel: int | None = None,
        on_event: OnEvent | None = None,
    ) -> RunResult:
        """Bring the world to what the program says; a stack that was never deployed is created."""
        arguments = ["up", "--yes", "--skip-preview", *_options(refresh, targets, parallel)]
        try:
            return self._run(arguments, on_event)
        except StackNotFoundError:
            self._cli.create_stack()
            return self._run(arguments, on_event)

    def destroy(
        self, *, targets: Sequence[str] = (), parallel: int | None = None, on_event: OnEvent | None = None
    ) -> RunResult:
        """Delete everything of the stack, in reverse order."""
        options = _options(refresh=False, targets=targets, parallel=parallel)
        return self._run_existing(["destroy", "--yes", "--skip-preview", *options], on_event)

    def refresh(
        self, *, targets: Sequence[str] = (), parallel: int | None = None, on_event: OnEvent | None = None
    ) -> RunResult:
        """Read the world into the state; `changes` say what was found different, or gone (DELETE)."""
        options = _options(refresh=False, targets=targets, parallel=parallel)
        return self._run_existing(["refresh", "--yes", "--skip-preview", *options], on_event)

    def remove(self) -> None:
        """Remove the stack itself, which has to be empty, from the backend; its settings file stays."""
        try:
            self._cli.ask("stack", "rm", "--yes", "--preserve-config")
        except StackNotFoundError:
            return

    def state(self) -> State:
        """Read the state; a stack that was never deployed has an empty one. Secrets are masked."""
        return read_state(self._export())

    def outputs(self) -> Mapping[str, Any]:
        """Return what the program exported last; secrets are masked."""
        try:
            found: Mapping[str, Any] = json.loads(self._cli.ask("stack", "output", "--json"))
        except StackNotFoundError:
            return {}
        return found

    def settle(self, seen: State, made: Mapping[str, str]) -> None:
        """Clear the pending operations of an interrupted run, and take in what its creations made.

        `made` maps a pending creation's URN to the id of what exists. What was touched stays unverified until it is
        refreshed. Raises EngineError when the stack is no more as it was seen.
        """
        exported = self._export()
        if read_state(exported).pending != seen.pending:
            raise EngineError(f"stack {self.stack} changed while its interrupted run was looked into: try again")
        self._import(without_pending(exported, made))

    def forget(self, cluster: str) -> Sequence[ResourceName]:
        """Take everything in a cluster out of the state, and touch nothing else; return what that was.

        Raises LockedError when somebody runs the stack.
        """
        exported = self._export()
        if not exported:
            return ()
        slim, lost = without_cluster(exported, cluster)
        if lost:
            self._import(slim)
        return tuple(resource_name(urn) for urn in lost)

    def note(self, name: str, value: object) -> None:
        """Change an input of the parent in the state, and touch nothing else; the next `up` brings its own."""
        if exported := self._export():
            self._import(with_note(exported, name, value))

    def lock(self) -> Lock | None:
        """Return who holds the stack's lock; None also with a backend that is no directory, which cannot be asked."""
        directory = self._cli.locks()
        return next(iter(read_locks(directory)), None) if directory else None

    def release(self, lock: Lock) -> Sequence[int]:
        """Remove exactly this lock, whose holder is gone, once its plugins are gone, too; and what it left torn.

        Returns the process ids of plugins that had to be ended.
        Raises LockedError when the holder is, or may be, alive.
        """
        directory = self._cli.locks()
        found = {held.file: held for held in read_locks(directory)} if directory else {}
        held = found.get(lock.file)
        if held is None and lock.file:
            return ()
        if held is None or held.live is not False:
            raise LockedError(self.stack, held or lock)
        ended = end_leftovers(self._cli.given_backend())
        remove_torn_checksums(Path(held.file).parent)
        Path(held.file).unlink(missing_ok=True)
        return ended

    def interrupt(self) -> None:
        """End the run under way cleanly; called again, at once."""
        self._cli.interrupt()

    def _run_existing(self, arguments: list[str], on_event: OnEvent | None) -> RunResult:
        try:
            return self._run(arguments, on_event)
        except StackNotFoundError:
            return Record().result(succeeded=True, interrupted=False, seconds=0)

    def _run(
        self, arguments: list[str], on_event: OnEvent | None, environment: Mapping[str, str] | None = None
    ) -> RunResult:
        record = Record()

        def take(raw: Mapping[str, Any]) -> None:
            event = record.take(raw)
            if event and on_event:
                on_event(event)

        began = time.monotonic()
        with following(take) as log:
            failure = self._cli.run([*arguments, *_QUIET, "--event-log", str(log)], environment)
        interrupted = self._cli.interrupted
        if failure and not interrupted and not any(_is_resource(said) for said in record.failures.values()):
            raise EngineError(_reason(failure, record))
        return record.result(succeeded=failure is None, interrupted=interrupted, seconds=time.monotonic() - began)

    def _import(self, state: Mapping[str, Any]) -> None:
        with TemporaryDirectory(prefix="appofapps-") as directory:
            file = Path(directory, "state.json")
            file.write_text(json.dumps(state))
            self._cli.ask("stack", "import", "--file", str(file))

    def _export(self) -> dict[str, Any]:
        try:
            exported: dict[str, Any] = json.loads(self._cli.ask("stack", "export"))
        except StackNotFoundError:
            return {}
        return exported


def _options(refresh: bool, targets: Sequence[str], parallel: int | None) -> list[str]:
    options = ["--parallel", str(parallel or PARALLEL)]
    if refresh:
        options.append("--refresh")
    for target in targets:
        options += ["--target", target]
    return options


def _is_resource(said: Diagnostic) -> bool:
    """Tell an error of a resource from one of the engine or the program, which is reported on the stack itself."""
    return said.name is not None and said.name.type != "pulumi:pulumi:Stack"


def _reason(failure: CommandError, record: Record) -> str:
    return "\n".join(said.message for said in record.failures.values()) or text(failure)
