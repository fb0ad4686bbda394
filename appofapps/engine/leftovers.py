"""Plugins that outlived a killed engine.

A plugin is a child of its engine, and is told the engine's address when it starts. So a plugin whose parent is no
Pulumi process any more (the operating system hands it on at once), and at whose address nobody answers, has lost its
engine: no one can ever receive what it is still doing. Both have to hold, so that the plugin of a living engine is
never taken for one of these. A Go plugin would linger up to five minutes (the interval of the health check in
sdk/go/pulumi/provider/main.go).
"""

import os
import re
import socket
import time
from collections.abc import Callable, Sequence

import psutil

_PLUGIN = re.compile(r"(?:^|/)pulumi-(?:resource|language|analyzer)-|^pulumi\.dynamic$")
_ENGINE = re.compile(r"127\.0\.0\.1:(\d+)")
GRACE = 3.0
"""Seconds a plugin gets to end the call it is in: one request to a cloud's API, not a wait for readiness."""


def leftovers(backend: str | None) -> list[psutil.Process]:
    """Return this user's plugins without an engine, and what they started.

    Only those whose environment names this backend (None: names none), since that is what they worked for.
    """
    plugins = [
        process for process in psutil.process_iter() if _is_orphaned_plugin(process) and _works_for(process, backend)
    ]
    return [one for plugin in plugins for one in (*_started_by(plugin), plugin)]


def end_leftovers(
    backend: str | None, grace: float = GRACE, sleep: Callable[[float], None] = time.sleep
) -> Sequence[int]:
    """Wait shortly for them to go, end what stays, and return the process ids of those that had to be ended."""
    _wait_until(lambda: not leftovers(backend), grace, sleep)
    left = leftovers(backend)
    for process in left:
        _signal(process.terminate)
    _wait_until(lambda: not any(map(_runs, left)), grace, sleep)
    for process in filter(_runs, left):
        _signal(process.kill)
    return [process.pid for process in left]


def _wait_until(condition: Callable[[], bool], seconds: float, sleep: Callable[[float], None]) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        sleep(0.2)


def _runs(process: psutil.Process) -> bool:
    """Tell a running process from one that is gone, or a zombie because nobody asks for its end."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _is_orphaned_plugin(process: psutil.Process) -> bool:
    try:
        command = process.cmdline()
        if process.uids().real != os.getuid() or not _is_plugin(command):
            return False
        parent = process.parent()
        return not (parent and _belongs_to_engine(parent)) and not _answers(command)
    except psutil.Error:
        return False


def _is_plugin(command: Sequence[str]) -> bool:
    return any(_PLUGIN.search(word) for word in command[:4]) and any(_ENGINE.fullmatch(word) for word in command)


def _belongs_to_engine(process: psutil.Process) -> bool:
    """Tell an engine, or a plugin (which starts programs and wrapped plugins), from init or a subreaper."""
    return process.name().startswith("pulumi") or _is_plugin(process.cmdline())


def _answers(command: Sequence[str]) -> bool:
    ports = [int(match[1]) for word in command if (match := _ENGINE.fullmatch(word))]
    try:
        socket.create_connection(("127.0.0.1", ports[-1]), timeout=1).close()
    except OSError:
        return False
    return True


def _started_by(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


def _signal(send: Callable[[], None]) -> None:
    try:
        send()
    except psutil.Error:
        return  # gone by itself


def _works_for(process: psutil.Process, backend: str | None) -> bool:
    try:
        return process.environ().get("PULUMI_BACKEND_URL") == backend
    except psutil.Error:
        return False
