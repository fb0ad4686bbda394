"""Kill the engine of a run at a chosen moment, which its own event log tells."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.e2e.project import TIMEOUT, Done, Project

POLL = 0.01
"""Seconds between two looks; a resource takes longer."""

Event = dict[str, Any]
Moment = Callable[[Sequence[Event]], bool]
"""Tells from the events so far whether it has come."""


def steps(log: Path) -> list[Event]:
    """Return the events about resources that a run has written so far: those begun, done and failed."""
    text = log.read_text() if log.exists() else ""
    complete, _, _ = text.rpartition("\n")
    events = (json.loads(line) for line in complete.splitlines())
    return [event for event in events if {"resourcePreEvent", "resOutputsEvent", "resOpFailedEvent"} & event.keys()]


def at(number: int) -> Moment:
    """Return the moment of the n-th event."""
    return lambda events: len(events) >= number


def deletions_begin(events: Sequence[Event]) -> bool:
    """Tell whether the engine has begun to delete: it does so when everything else is done."""
    begun = (event["resourcePreEvent"]["metadata"] for event in events if "resourcePreEvent" in event)
    return any(step["op"] in ("delete", "delete-replaced") for step in begun)


def inside_creation(kind: str, made: Callable[[], bool]) -> Moment:
    """Return the moment when a resource of a type has been made, and its provider has not yet said so."""

    def come(events: Sequence[Event]) -> bool:
        begun = [event["resourcePreEvent"]["metadata"] for event in events if "resourcePreEvent" in event]
        return any(step["type"] == kind and step["op"] == "create" for step in begun) and made()

    return come


@dataclass(frozen=True, slots=True)
class Killed:
    """A run that lost its engine."""

    engine: int
    """The process id the engine had."""
    events: int
    """How far it had come."""
    done: Done


def kill(project: Project, moment: Moment, *command: str, everything: bool = False, **variables: str) -> Killed:
    """Run `aoa …` and kill the engine it starts, or its own process group as well, when the moment has come."""
    process = project.start(*command, **variables)
    for engine, log in _engines(process):
        while engine.is_running():
            seen = steps(log)
            if moment(seen):
                engine.send_signal(signal.SIGKILL)
                if everything:
                    os.killpg(process.pid, signal.SIGKILL)
                out, err = process.communicate(timeout=TIMEOUT)
                return Killed(engine.pid, len(seen), Done(process.returncode, out, err))
            time.sleep(POLL)
    raise AssertionError(f"it ended before the moment came: {process.communicate()}")


def _engines(process: "subprocess.Popen[str]") -> Iterator[tuple[psutil.Process, Path]]:
    """Yield the engines that a process starts for an `up`, one after another, each with its event log."""
    known: set[int] = set()
    while process.poll() is None:
        for child in psutil.Process(process.pid).children():
            command = _command(child)
            if child.pid not in known and {"up", "--event-log"} <= set(command):
                known.add(child.pid)
                yield child, Path(command[command.index("--event-log") + 1])
        time.sleep(POLL)


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []
