"""The clock: how long commands take, and how much memory they and their descendants hold."""

import contextlib
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

SAMPLE_EVERY = 0.2
PATIENCE = 20.0
LAST_LINES = 15


class BenchError(Exception):
    """The benchmark cannot go on; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command line of a side; `log` gets what it prints."""

    line: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]
    log: Path
    answer: Path | None = None
    """Gets what it prints to stdout, where that is to be read; None: the log gets it."""
    ends_with: int = 0
    """The exit code that is expected."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement."""

    seconds: float
    cpu_seconds: float
    """Of the commands and all their descendants; not of the cluster's servers."""
    memory_mb: float
    """Peak of the resident memory of the commands and all their descendants, summed; shared pages count in each."""


def run(*commands: Command, at_once: int = 1) -> Measured:
    """Run commands, so many at a time, and measure them as one; raise BenchError when one does not end as expected."""
    with _Sampler() as sampler:
        begun, used = time.perf_counter(), _cpu()
        with ThreadPoolExecutor(at_once) as pool:
            runs = [pool.submit(_execute, command) for command in commands]
            try:
                for finished in as_completed(runs):
                    finished.result()
            except BaseException:
                _abandon(runs)
                raise
        return Measured(time.perf_counter() - begun, _cpu() - used, sampler.peak / 1e6)


def _execute(command: Command) -> None:
    command.log.parent.mkdir(parents=True, exist_ok=True)
    with command.log.open("w") as log, _answer(command, log) as out:
        code = subprocess.run(
            command.line,
            cwd=command.folder,
            env=command.environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=log,
            check=False,
        ).returncode
    if code != command.ends_with:
        last = "\n  ".join(command.log.read_text(errors="replace").splitlines()[-LAST_LINES:])
        raise BenchError(f"`{' '.join(command.line)}` ended with {code}; its log {command.log} ends with:\n  {last}")


def _answer(command: Command, log: IO[str]) -> AbstractContextManager[IO[str]]:
    return command.answer.open("w") if command.answer else contextlib.nullcontext(log)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _abandon(runs: Sequence["Future[None]"]) -> None:
    """Start nothing more and end what runs; one that was about to start is met the next time round."""
    for waiting in runs:
        waiting.cancel()
    while wait(runs, timeout=SAMPLE_EVERY).not_done:
        stop_descendants()


def stop_descendants() -> None:
    """End everything that this process started and that still runs; the cluster's servers are no descendants."""
    running = psutil.Process().children(recursive=True)
    for process in running:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, stubborn = psutil.wait_procs(running, timeout=PATIENCE)
    for process in stubborn:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


class _Sampler:
    """Adds up the memory of this process's descendants again and again, and keeps the peak in bytes."""

    def __init__(self) -> None:
        self.peak = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "_Sampler":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        this = psutil.Process()
        while not self._ended.wait(SAMPLE_EVERY):
            self.peak = max(self.peak, sum(map(_resident, this.children(recursive=True))))


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
