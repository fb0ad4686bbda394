"""The engine's own event log, as `pulumi … --event-log FILE` writes it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def events(log: Path) -> Iterator[dict[str, Any]]:
    """Yield the events of a run, in order."""
    with log.open() as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def name_of(urn: str) -> str:
    """Return the logical name of a resource: `cart@eu-1/deployment`."""
    return urn.rsplit("::", 1)[-1]


def changed(log: Path) -> set[str]:
    """Return the names of the resources that a run created, updated, replaced or deleted."""
    return set(operations(log))


def starts_and_ends(log: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Return when each resource began and when it ended, by name, as positions in the log; without components."""
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    for position, event in enumerate(events(log)):
        if (step := event.get("resourcePreEvent")) and _is_custom(step["metadata"]):
            starts.setdefault(name_of(step["metadata"]["urn"]), position)
        if (step := event.get("resOutputsEvent")) and _is_custom(step["metadata"]):
            ends[name_of(step["metadata"]["urn"])] = position
    return starts, ends


def operations(log: Path) -> dict[str, str]:
    """Return what a run did, or a preview would do, to each resource that does not stay as it is.

    Components are left out, as everywhere: nothing outside the state stands behind them.
    """
    steps = (event["resourcePreEvent"]["metadata"] for event in events(log) if "resourcePreEvent" in event)
    done = {name_of(step["urn"]): step["op"] for step in steps if _is_custom(step)}
    return {name: operation for name, operation in done.items() if operation not in ("same", "read", "refresh")}


def _is_custom(step: dict[str, Any]) -> bool:
    return bool((step.get("new") or step.get("old") or {}).get("custom"))
