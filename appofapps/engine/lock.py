"""Locks of a backend that is a directory, whether their holders live, and what a dead one left half-written.

A stack under way has a file `.pulumi/locks/organization/<project>/<stack>/<id>.json` with the host, pid, user and time
of the engine's process. An engine that is killed leaves it behind.
"""

import json
import re
import socket
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psutil

from appofapps.engine.results import Lock

_IN_ERROR = re.compile(r"created by (?P<user>\S+)@(?P<host>\S+) \(pid (?P<pid>\d+)\) at (?P<since>\S+)")
_CLOCK_TICKS = 1.0
"""Seconds by which a process's start time and its own first clock reading may disagree."""


def locks_directory(backend: str, project: Path, name: str, stack: str) -> Path | None:
    """Return where the locks of a stack are, or None when the backend is no directory."""
    if not backend.startswith("file://"):
        return None
    address = urlsplit(backend)
    root = Path(project, Path(unquote(address.netloc + address.path)).expanduser())
    return root / ".pulumi" / "locks" / "organization" / name / stack


def remove_torn_checksums(locks: Path) -> None:
    """Remove the checksum files that a killed engine left half-written beside a stack's state.

    A state is replaced at once, the checksum file beside it (`<state>.attrs`) is written in place: torn, it makes every
    later read of the state fail with `EOF`. A state without one is read as it is
    (gocloud.dev/blob/fileblob: setAttrs, getAttrs). `locks` is the directory of the stack's locks.
    """
    states = locks.parents[3] / "stacks" / locks.parent.name
    for file in states.glob(f"{locks.name}.json*.attrs"):
        try:
            json.loads(file.read_text())
        except FileNotFoundError:
            continue
        except ValueError:
            file.unlink(missing_ok=True)


def read_locks(directory: Path) -> list[Lock]:
    """Read the locks, the dead ones last."""
    found = []
    for file in sorted(directory.glob("*.json")):
        try:
            raw = json.loads(file.read_text())
        except (FileNotFoundError, ValueError):
            continue  # released, or being written, at this moment
        found.append(_lock(raw, str(file)))
    return sorted(found, key=lambda lock: lock.live is False)


def lock_in_error(message: str) -> Lock | None:
    """Read the holder out of the engine's refusal: all that is known with other backends."""
    match = _IN_ERROR.search(message)
    if match is None:
        return None
    raw = {"hostname": match["host"], "username": match["user"], "pid": int(match["pid"]), "timestamp": match["since"]}
    return _lock(raw, "")


def is_live(host: str, pid: int, since: str) -> bool | None:
    """Tell whether the process that took a lock still runs; None when it runs, or ran, elsewhere.

    A process that began after the lock was taken has only inherited the number. A zombie runs no more.
    """
    if host != socket.gethostname():
        return None
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return process.create_time() <= datetime.fromisoformat(_microseconds(since)).timestamp() + _CLOCK_TICKS
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return None


def _lock(raw: Mapping[str, Any], file: str) -> Lock:
    host, pid, since = raw["hostname"], int(raw["pid"]), raw["timestamp"]
    return Lock(host=host, pid=pid, since=since, user=raw["username"], live=is_live(host, pid, since), file=file)


def _microseconds(timestamp: str) -> str:
    """Cut the nanoseconds of Go's timestamps, which Python does not read."""
    return re.sub(r"(\.\d{1,6})\d*", r"\1", timestamp)
