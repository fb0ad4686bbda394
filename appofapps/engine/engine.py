"""One stack of the project, run by Pulumi's engine."""

import json
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from pulumi.automation import CommandError, InvalidVersionError
from pulumi.automation.errors import ConcurrentUpdateError, StackNotFoundError

from appofapps.engine.command import Command
from appofapps.engine.eventlog import following
from appofapps.engine.events import Record
from appofapps.engine.leftovers import end_leftovers
from appofapps.engine.lock import lock_in_error, locks_directory, read_locks
from appofapps.engine.results import Diagnostic, EngineError, Event, Lock, LockedError, OnEvent, RunResult, State
from appofapps.engine.state import read_state, without_pending

PARALLEL = 32
"""Steps at a time. They wait for clusters and clouds, not for a processor; the engine's default is 4 a core."""
_ALWAYS = {
    "PULUMI_CONTINUE_ON_ERROR": "true",  # a child that fails does not stop the unrelated
    "PULUMI_SKIP_CHECKPOINTS": "false",  # recovery reads what was under way from the last checkpoint
    "PULUMI_DEBUG_COMMANDS": "true",  # else there is no --event-log
    "PULUMI_SKIP_UPDATE_CHECK": "true",
}
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
        self._environment = {**(environment or {}), **_ALWAYS}
        _require_stack_file(project, stack)
        self._command = _command()

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
                self._create_stack(backend)
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
            self._create_stack({})
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

    def state(self) -> State:
        """Read the state; a stack that was never deployed has an empty one. Secrets are masked."""
        return read_state(self._export())

    def outputs(self) -> Mapping[str, Any]:
        """Return what the program exported last; secrets are masked."""
        try:
            found: Mapping[str, Any] = json.loads(self._ask("stack", "output", "--json"))
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
        with TemporaryDirectory(prefix="appofapps-") as directory:
            file = Path(directory, "state.json")
            file.write_text(json.dumps(without_pending(exported, made)))
            self._ask("stack", "import", "--file", str(file))

    def lock(self) -> Lock | None:
        """Return who holds the stack's lock; None also with a backend that is no directory, which cannot be asked."""
        directory = locks_directory(self._backend(), self.project, self._project_name(), self.stack)
        return next(iter(read_locks(directory)), None) if directory else None

    def release(self, lock: Lock) -> Sequence[int]:
        """Remove exactly this lock, whose holder is gone, once its plugins are gone, too.

        Returns the process ids of plugins that had to be ended.
        Raises LockedError when the holder is, or may be, alive.
        """
        directory = locks_directory(self._backend(), self.project, self._project_name(), self.stack)
        found = {held.file: held for held in read_locks(directory)} if directory else {}
        held = found.get(lock.file)
        if held is None and lock.file:
            return ()
        if held is None or held.live is not False:
            raise LockedError(self.stack, held or lock)
        ended = end_leftovers(self._given_backend())
        Path(held.file).unlink(missing_ok=True)
        return ended

    def interrupt(self) -> None:
        """End the run under way cleanly; called again, at once."""
        self._command.interrupt()

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
            event: Event | None = record.take(raw)
            if event and on_event:
                on_event(event)

        began = time.monotonic()
        with following(take) as log:
            failure = self._attempt([*arguments, *_QUIET, "--event-log", str(log)], environment or {})
        interrupted = self._command.interrupts > 0
        if failure and not interrupted and not any(_is_resource(said) for said in record.failures.values()):
            raise EngineError(_reason(failure, record))
        return record.result(succeeded=failure is None, interrupted=interrupted, seconds=time.monotonic() - began)

    def _attempt(self, arguments: list[str], environment: Mapping[str, str]) -> CommandError | None:
        try:
            self._pulumi(arguments, environment)
        except StackNotFoundError:
            raise
        except ConcurrentUpdateError as error:
            lock = lock_in_error(str(error))
            raise (LockedError(self.stack, lock) if lock else EngineError(_text(error))) from None
        except CommandError as error:
            return error
        return None

    def _ask(self, *arguments: str) -> str:
        try:
            return self._pulumi(list(arguments), {})
        except StackNotFoundError:
            raise
        except ConcurrentUpdateError as error:
            lock = lock_in_error(str(error))
            raise (LockedError(self.stack, lock) if lock else EngineError(_text(error))) from None
        except CommandError as error:
            if self._command.interrupts:
                raise KeyboardInterrupt from None
            raise EngineError(_text(error)) from None

    def _pulumi(self, arguments: list[str], environment: Mapping[str, str]) -> str:
        command = [*arguments, "--stack", self.stack]
        return self._command.run(command, str(self.project), {**self._environment, **environment}).stdout

    def _create_stack(self, environment: Mapping[str, str]) -> None:
        try:
            self._command.run(
                ["stack", "init", self.stack, "--no-select"],
                str(self.project),
                {**self._environment, **environment},
            )
        except CommandError as error:
            raise EngineError(_text(error)) from None

    def _export(self) -> dict[str, Any]:
        try:
            exported: dict[str, Any] = json.loads(self._ask("stack", "export"))
        except StackNotFoundError:
            return {}
        return exported

    def _given_backend(self) -> str | None:
        return self._environment.get("PULUMI_BACKEND_URL", os.environ.get("PULUMI_BACKEND_URL"))

    def _backend(self) -> str:
        if backend := self._given_backend():
            return backend
        answer = self._command.run(["whoami", "--json"], str(self.project), self._environment).stdout
        return str(json.loads(answer)["url"])

    def _project_name(self) -> str:
        return str(yaml.safe_load((self.project / "Pulumi.yaml").read_text())["name"])


def _command() -> Command:
    try:
        return Command()
    except FileNotFoundError:
        raise EngineError("no `pulumi` on PATH; in a checkout, `make up` provides it") from None
    except InvalidVersionError as error:
        raise EngineError(str(error)) from None


def _require_stack_file(project: Path, stack: str) -> None:
    if not (project / f"Pulumi.{stack}.yaml").exists():
        known = sorted(file.name.split(".")[1] for file in project.glob("Pulumi.*.yaml"))
        raise EngineError(
            f"no stack {stack!r}: there is no Pulumi.{stack}.yaml; there are: {', '.join(known) or 'none'}"
        )


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
    return "\n".join(said.message for said in record.failures.values()) or _text(failure)


def _text(error: CommandError) -> str:
    """Return what the command line printed to stderr, without the automation API's frame around it."""
    _, _, stderr = str(error).partition("\n stderr: ")
    return "\n".join(line.removeprefix("error: ") for line in stderr.splitlines() if line.strip()) or str(error)
