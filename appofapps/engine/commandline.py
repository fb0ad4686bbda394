"""The engine's command line for one stack, with its errors said in our words."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import yaml
from pulumi.automation import CommandError, InvalidVersionError
from pulumi.automation.errors import ConcurrentUpdateError, StackNotFoundError

from appofapps.engine.command import Command
from appofapps.engine.lock import lock_in_error, locks_directory
from appofapps.engine.results import EngineError, LockedError

_ALWAYS = {
    "PULUMI_CONTINUE_ON_ERROR": "true",  # a child that fails does not stop the unrelated
    "PULUMI_SKIP_CHECKPOINTS": "false",  # recovery reads what was under way from the last checkpoint
    "PULUMI_DEBUG_COMMANDS": "true",  # else there is no --event-log
    "PULUMI_SKIP_UPDATE_CHECK": "true",
}
_UNLESS_SET = {"GOGC": os.environ.get("GOGC", "400")}
"""The engine writes the whole state at every step: collecting its garbage less often saves a sixth of its time."""


class CommandLine:
    """`pulumi … --stack <stack>` in a project.

    Raises StackNotFoundError when the backend does not know the stack, LockedError when somebody else runs it.
    """

    def __init__(self, project: Path, stack: str, environment: Mapping[str, str]) -> None:
        _require_stack_file(project, stack)
        self._project = project
        self._stack = stack
        self._environment = {**_UNLESS_SET, **environment, **_ALWAYS}
        self._command = command()

    @property
    def interrupted(self) -> bool:
        """Tell whether the last command was interrupted."""
        return self._command.interrupts > 0

    def interrupt(self) -> None:
        """End the command under way cleanly; called again, at once."""
        self._command.interrupt()

    def run(self, arguments: list[str], environment: Mapping[str, str] | None = None) -> CommandError | None:
        """Run a command; return its error when it fails."""
        try:
            self._execute([*arguments, "--stack", self._stack], environment or {})
        except StackNotFoundError:
            raise
        except ConcurrentUpdateError as error:
            raise self._refusal(error) from None
        except CommandError as error:
            return error
        return None

    def ask(self, *arguments: str) -> str:
        """Return what a command prints; raise EngineError when it fails."""
        try:
            return self._execute([*arguments, "--stack", self._stack], {})
        except StackNotFoundError:
            raise
        except ConcurrentUpdateError as error:
            raise self._refusal(error) from None
        except CommandError as error:
            if self.interrupted:
                raise KeyboardInterrupt from None
            raise EngineError(text(error)) from None

    def create_stack(self, environment: Mapping[str, str] | None = None) -> None:
        """Make the stack known to the backend; which stack is selected stays as it is."""
        try:
            self._execute(["stack", "init", self._stack, "--no-select"], environment or {})
        except CommandError as error:
            raise EngineError(text(error)) from None

    def locks(self) -> Path | None:
        """Return the directory of the stack's locks, when the backend is a directory."""
        name = yaml.safe_load((self._project / "Pulumi.yaml").read_text())["name"]
        return locks_directory(self._backend(), self._project, str(name), self._stack)

    def given_backend(self) -> str | None:
        """Return the backend that the environment names."""
        return self._environment.get("PULUMI_BACKEND_URL", os.environ.get("PULUMI_BACKEND_URL"))

    def _backend(self) -> str:
        if given := self.given_backend():
            return given
        try:
            return str(json.loads(self._execute(["whoami", "--json"], {}))["url"])
        except CommandError as error:
            raise EngineError(text(error)) from None

    def _execute(self, arguments: list[str], environment: Mapping[str, str]) -> str:
        return self._command.run(arguments, str(self._project), {**self._environment, **environment}).stdout

    def _refusal(self, error: ConcurrentUpdateError) -> EngineError:
        lock = lock_in_error(str(error))
        return LockedError(self._stack, lock) if lock else EngineError(text(error))


def command() -> Command:
    """Return a `pulumi` to run. Raises EngineError when there is none of the right version."""
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


def text(error: CommandError) -> str:
    """Return what the command line printed to stderr, without the automation API's frame around it."""
    _, _, stderr = str(error).partition("\n stderr: ")
    return "\n".join(line.removeprefix("error: ") for line in stderr.splitlines() if line.strip()) or str(error)
