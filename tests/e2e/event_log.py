"""The engine's own event log, as `pulumi … --event-log FILE` writes it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def events(log: Path) -> Iterator[dict[str, Any]]:
    """Yield the events of a run, in order."""
    with log.open() as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def child_of(urn: str) -> str:
    """Return the child a resource belongs to: `cart@eu-1` for `…::cart@eu-1/deployment`."""
    return urn.split("::")[-1].split("/")[0]


def changed(log: Path) -> set[str]:
    """Return the names of the resources that a run created, updated, replaced or deleted."""
    steps = [event["resourcePreEvent"]["metadata"] for event in events(log) if "resourcePreEvent" in event]
    return {step["urn"].split("::")[-1] for step in steps if step["op"] not in ("same", "read", "refresh")}


def first_start_and_last_end(log: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Return when each child's first resource began and its last one ended, as positions in the log."""
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    for position, event in enumerate(events(log)):
        if step := event.get("resourcePreEvent"):
            starts.setdefault(child_of(step["metadata"]["urn"]), position)
        if step := event.get("resOutputsEvent"):
            ends[child_of(step["metadata"]["urn"])] = position
    return starts, ends
