"""Two runs of one stack at once: one goes on, the other is told who holds the lock, and changes nothing."""

import getpass
import json
import os
import pty
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.e2e.project import TIMEOUT, Project
from tests.e2e.small_catalog import workload

GATE = "test.appofapps.dev/gate"


def gated(name: str, gate: str) -> dict[str, Any]:
    """Return a workload whose pods start only once a node carries the label of the gate."""
    pod = {"spec": {"nodeSelector": {GATE: gate}}}
    patch = {"resource": "deployment", "merge": {"spec": {"template": pod}}}
    return workload(name, deadline=TIMEOUT, patches=[patch])


@contextmanager
def opened(project: Project, gate: str) -> Iterator[None]:
    """Let the pods that wait at a gate start."""
    node = project.get("eu-1", "nodes")["items"][0]["metadata"]["name"]
    project.kubectl("eu-1", "label", "node", node, f"{GATE}={gate}")
    try:
        yield
    finally:
        project.kubectl("eu-1", "label", "node", node, f"{GATE}-")


def held_lock(project: Project, by: "subprocess.Popen[str]") -> dict[str, Any]:
    """Wait until a process that was started holds the stack's lock, and return the lock."""
    locks = project.root / "backend" / ".pulumi" / "locks"
    while by.poll() is None:
        for file in locks.rglob("*.json"):
            try:
                return dict(json.loads(file.read_text()))
            except ValueError:
                continue  # being written
        time.sleep(0.05)
    raise AssertionError(by.communicate())


def holder(lock: dict[str, Any]) -> str:
    """Return how a refusal names who holds a lock."""
    return f"locked by {getpass.getuser()}@{socket.gethostname()}, process {lock['pid']}, since "


@contextmanager
def waiting_for_consent(project: Project, *command: str) -> Iterator[Callable[[str], tuple[int, str]]]:
    """Run a command on a terminal up to its question; give what answers it and returns exit code and output."""
    terminal, theirs = pty.openpty()
    process = subprocess.Popen(
        command, cwd=project.root, env={**project.environment}, stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)

    def read_until(end: str) -> str:
        said = ""
        while not (end and end in said):
            try:
                said += os.read(terminal, 4096).decode(errors="replace")
            except OSError:  # the other side is closed: it has ended
                return said
        return said

    def answer(text: str) -> tuple[int, str]:
        os.write(terminal, f"{text}\n".encode())
        said = read_until("")
        return process.wait(TIMEOUT), said

    try:
        read_until("[y/N]")
        yield answer
    finally:
        os.close(terminal)
        process.kill()
        process.wait()


class TestTwoRuns:
    """Each run on a stack whose child waits until the test lets it become ready."""

    def test_aoa_up_beside_aoa_up(self, small: Callable[..., Project]) -> None:
        """One runs to its end; one that comes later, and one that was first but waited for a yes, are refused."""
        project = small("t9a", gated("slow", "t9a"))
        with waiting_for_consent(project, "aoa", "up", "--stack", "t9a") as answer:
            first = project.start("aoa", "up", "--stack", "t9a", "--yes")
            lock = held_lock(project, by=first)
            code, said = answer("y")
            assert (code, holder(lock) in said.replace("\r\n", "")) == (3, True), said
        assert holder(lock) in project.aoa("up", "--stack", "t9a", "--yes", code=3).err
        assert held_lock(project, by=first) == lock
        with opened(project, "t9a"):
            out, err = first.communicate(timeout=TIMEOUT)
        assert first.returncode == 0, out + err
        project.pulumi("preview", "--stack", "t9a", "--expect-no-changes", "--refresh")
        project.aoa("destroy", "--stack", "t9a", "--yes")

    def test_aoa_beside_plain_pulumi(self, small: Callable[..., Project]) -> None:
        """While somebody runs `pulumi up`, `aoa up` and `aoa destroy` name the process, and leave its lock alone."""
        project = small("t9b", gated("slow", "t9b"))
        project.pulumi("stack", "init", "t9b")
        plain = project.start("pulumi", "up", "--stack", "t9b", "--yes", "--skip-preview", "--non-interactive")
        lock = held_lock(project, by=plain)
        assert lock["pid"] == plain.pid
        for verb in ("up", "destroy"):
            assert holder(lock) in project.aoa(verb, "--stack", "t9b", "--yes", code=3).err
        assert held_lock(project, by=plain) == lock
        with opened(project, "t9b"):
            out, err = plain.communicate(timeout=TIMEOUT)
        assert plain.returncode == 0, out + err
        assert "no changes" in project.aoa("up", "--stack", "t9b", "--yes").out
        project.aoa("destroy", "--stack", "t9b", "--yes")
