"""Start servers, recognise them later, and stop only those."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import psutil
from pydantic import BaseModel

# A pid is used again by another process one day; the start time tells them apart. The clock's drift is below this.
SAME_START = 1.5


class Server(BaseModel, frozen=True):
    """A process of ours: its name, its pid, and when it started."""

    name: str
    pid: int
    started: float


def spawn(name: str, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> Server:
    """Start a server in a session of its own, so that Ctrl-C in the terminal does not reach it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **(env or {})},
        )
    return Server(name=name, pid=process.pid, started=psutil.Process(process.pid).create_time())


def find(server: Server) -> psutil.Process | None:
    """Find the running process of a record; another process with the same pid is not it."""
    try:
        process = psutil.Process(server.pid)
        same = abs(process.create_time() - server.started) < SAME_START
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def is_alive(server: Server) -> bool:
    """Say whether the recorded process still runs."""
    return find(server) is not None


def stop(servers: Iterable[Server], patience: float = 3.0) -> None:
    """Ask the recorded processes to end, then end those that still run after `patience` seconds."""
    running = [process for process in map(find, servers) if process]
    for process in running:
        _signal(process, signal.SIGTERM)
    _, stubborn = psutil.wait_procs(running, timeout=patience)
    for process in stubborn:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=10)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)
