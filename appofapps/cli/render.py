"""What every verb prints with: data to stdout, progress to stderr, readable without colour."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from appofapps.plan.plan import Address

T = TypeVar("T")

WIDTH = 160
"""Columns when nobody looks: a pipe or a log has no width of its own."""


def out() -> Console:
    """Return the console for data."""
    return Console(soft_wrap=False, highlight=False, width=None if sys.stdout.isatty() else WIDTH)


def err() -> Console:
    """Return the console for progress and messages."""
    return Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else WIDTH)


def say(message: str, console: Console | None = None) -> None:
    """Print one line about what happens now, to stderr."""
    (console or err()).print(message, style="dim", markup=False, soft_wrap=True)


def print_report(report: T, show: Callable[[T], None], *, as_json: bool) -> None:
    """Print what a verb found to stdout: for people, or as one JSON document."""
    if as_json:
        print_json(report)
    else:
        show(report)


def print_json(value: object) -> None:
    """Print one JSON document to stdout."""
    print(json.dumps(document(value), indent=2, ensure_ascii=False))


def document(value: object) -> Any:  # noqa: ANN401 - JSON
    """Return a value as JSON types: addresses as `cart@eu-1`, dataclasses with their exit code and the like."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Address | Path):
        return str(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value):
        return {field.name: document(getattr(value, field.name)) for field in fields(value)} | _derived(value)
    if isinstance(value, Mapping):
        return {str(key): document(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [document(each) for each in value]
    return value


def _derived(value: object) -> dict[str, Any]:
    names = ("exit_code", "ready", "replaces", "deletes", "outcome", "missing")
    found = {name: getattr(value, name) for name in names if isinstance(getattr(type(value), name, None), property)}
    return {name: document(each) for name, each in found.items()}


def table(*columns: str, title: str = "") -> Table:
    """Return an empty table that is readable without colour and without boxes."""
    made = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def duration(seconds: float) -> str:
    """Return a duration as people say it: `8.2s`, `3m05s`; empty for none."""
    if seconds <= 0:
        return ""
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)}m{int(rest):02d}s" if minutes else f"{rest:.1f}s"


def unreachable(found: Mapping[str, str]) -> None:
    """Name the clusters out of reach, to stderr."""
    for cluster, reason in found.items():
        err().print(
            f"cluster {cluster} is out of reach: {reason}; its children stay registered", markup=False, soft_wrap=True
        )


def notes(found: Iterable[str]) -> None:
    """Print what somebody should look after, to stderr."""
    for note in found:
        err().print(f"note: {note}", style="yellow", markup=False, soft_wrap=True)


def held(*, paused: bool, pinned: bool) -> str:
    """Return how a child is held, to put behind its version."""
    words = [word for word, holds in (("paused", paused), ("pinned", pinned)) if holds]
    return f" ({', '.join(words)})" if words else ""
