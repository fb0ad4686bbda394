"""Whose lock it is, and whether its holder lives."""

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from appofapps.engine.lock import is_live, lock_in_error, locks_directory, read_locks

HERE = socket.gethostname()


def at(pid: int, seconds: float) -> str:
    """Return the time so long after a process's start, as Go writes it."""
    start = datetime.fromtimestamp(psutil.Process(pid).create_time(), tz=UTC)
    return (start + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%f") + "123Z"


def test_running_process_is_live() -> None:
    """A process that began before it took the lock holds it."""
    assert is_live(HERE, os.getpid(), at(os.getpid(), 0.3)) is True


def test_inherited_number_is_not_live() -> None:
    """A process that began after the lock was taken only has the same number."""
    assert is_live(HERE, os.getpid(), at(os.getpid(), -60)) is False


def test_gone_process_is_not_live() -> None:
    """A process that has ended holds nothing, not even as a zombie."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    since = at(process.pid, 0.1)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

    assert is_live(HERE, process.pid, since) is False  # a zombie
    process.wait()
    assert is_live(HERE, process.pid, since) is False


def test_other_host_cannot_be_told() -> None:
    """Nothing is known about processes of another host."""
    assert is_live("elsewhere", 1, "2026-11-23T03:11:26Z") is None


def test_locks_are_read(tmp_path: Path) -> None:
    """The live lock comes first; a file that is just being written is skipped."""
    mine = {"pid": os.getpid(), "username": "ann", "hostname": HERE, "timestamp": at(os.getpid(), 0.3)}
    (tmp_path / "a.json").write_text(json.dumps({**mine, "timestamp": at(os.getpid(), -60)}))
    (tmp_path / "b.json").write_text(json.dumps(mine))
    (tmp_path / "c.json").write_text("")

    assert [(lock.live, Path(lock.file).name) for lock in read_locks(tmp_path)] == [(True, "b.json"), (False, "a.json")]


def test_holder_in_refusal() -> None:
    """With another backend, the engine's refusal names the holder."""
    text = (
        "the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock "
        "file with `pulumi cancel`.\n  s3://state/.pulumi/locks/organization/app-of-apps/prod/1.json: "
        "created by ci@runner-7 (pid 4021) at 2026-11-23T03:11:26Z"
    )

    lock = lock_in_error(text)

    assert lock
    assert (lock.user, lock.host, lock.pid, lock.since) == ("ci", "runner-7", 4021, "2026-11-23T03:11:26Z")
    assert lock.live is None
    assert lock_in_error("no such stack") is None


@pytest.mark.parametrize(
    ("backend", "expected"),
    [
        ("file:///srv/state", "/srv/state"),
        ("file:///srv/state?no_tmp_dir=true", "/srv/state"),
        ("file://./state", "/shop/state"),
        ("s3://bucket", None),
        ("https://api.pulumi.com", None),
    ],
)
def test_where_locks_are(backend: str, expected: str | None) -> None:
    """Only a backend that is a directory can be looked into."""
    found = locks_directory(backend, Path("/shop"), "app-of-apps", "dev")

    assert found == (Path(expected, ".pulumi/locks/organization/app-of-apps/dev") if expected else None)
