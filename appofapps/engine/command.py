"""The engine's process: started apart from the terminal, so that an interrupt reaches it once and when we say."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from types import FrameType

import psutil
from pulumi.automation import CommandResult, PulumiCommand
from pulumi.automation.errors import create_command_error

from appofapps.engine.results import EngineError

GLANCE = 0.5
"""Seconds between two looks for an interrupt."""
LAST_RESORT = 5.0
"""Seconds after a second interrupt until the engine and its plugins are killed."""


@cache
def installed() -> PulumiCommand:
    """Find `pulumi` and check its version: once, because that is a process of a third of a second.

    Raises FileNotFoundError when there is none, and InvalidVersionError when it does not go with the SDK.
    """
    return PulumiCommand()


class Command(PulumiCommand):
    """The `pulumi` command line, interruptible.

    A terminal sends Ctrl-C to every process of its foreground group: the engine would get one from there and one from
    us, and take the second for "terminate at once". So it runs in a session of its own, and gets exactly those that
    `interrupt` forwards. It survives us: a run goes on, its lock is live, nothing is left half done.
    """

    def __init__(self) -> None:
        found = installed()
        self.command, self.version = found.command, found.version
        self.interrupts = 0
        """How often the last process was interrupted."""
        self._process: subprocess.Popen[str] | None = None

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: Callable[[str], object] | None = None,
        on_error: Callable[[str], object] | None = None,
    ) -> CommandResult:
        """Run it to its end, as PulumiCommand does. The callbacks are not used.

        Raises CommandError when it fails, and EngineError when somebody else than us ended it.
        """
        del on_output, on_error
        environment = {**os.environ, **additional_env, "PULUMI_AUTOMATION_API": "true"}
        command = [self.command, "--non-interactive", *args]
        with subprocess.Popen(
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        ) as process:
            self.interrupts, self._process = 0, process
            try:
                with forwarding_interrupts(self.interrupt):
                    stdout, stderr = _output(process)
            finally:
                self._process = None
        if process.returncode < 0 and not self.interrupts:
            raise EngineError(_killed(-process.returncode))
        result = CommandResult(stdout=stdout, stderr=stderr, code=process.returncode)
        if process.returncode != 0:
            raise create_command_error(result)
        return result

    def interrupt(self) -> None:
        """Ask the process to end cleanly; the second time, to end at once, and soon after that end it."""
        process = self._process
        if process is None:
            return
        self.interrupts += 1
        process.send_signal(signal.SIGINT)
        if self.interrupts > 1:
            killer = threading.Timer(LAST_RESORT, _kill, [process.pid])
            killer.daemon = True
            killer.start()


@contextmanager
def forwarding_interrupts(interrupt: Callable[[], None]) -> Iterator[None]:
    """Hand SIGINT and SIGTERM on until the block ends; only the main thread may and needs to."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def forward(_number: int, _frame: FrameType | None) -> None:
        interrupt()

    before = {number: signal.signal(number, forward) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _output(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Wait for the end, and return what was printed.

    In short waits: Python runs signal handlers on the main thread alone, and a signal that the kernel gave to another
    thread does not wake it.
    """
    while True:
        try:
            return process.communicate(timeout=GLANCE)
        except subprocess.TimeoutExpired:
            continue


def _killed(number: int) -> str:
    return (
        f"the engine was killed ({signal.Signals(number).name}), by somebody or for want of memory, and may have left "
        "steps half done; run the same again: it repairs that first"
    )


def _kill(pid: int) -> None:
    """Kill an engine and what it started; any of them may end by itself meanwhile."""
    with suppress(psutil.NoSuchProcess):
        engine = psutil.Process(pid)
        for process in (*engine.children(recursive=True), engine):
            with suppress(psutil.NoSuchProcess):
                process.kill()
