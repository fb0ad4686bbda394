"""Pins and pauses: written into a child's file with who, why and until when; taken out again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from appofapps.catalog.models.hold import Hold
from appofapps.operations.edit import child_file, set_fields, write
from appofapps.operations.people import me, unaccounted
from appofapps.operations.refusal import Refusal, RefusedError, refuse_any
from appofapps.plan.plan import Plan

Kind = Literal["pinned", "paused"]
UNDO = {"pinned": "unpin", "paused": "resume"}
DO = {"pinned": "pin", "paused": "pause"}


@dataclass(frozen=True, slots=True)
class HoldReport:
    """A hold that was set, changed or taken away."""

    child: str
    file: Path
    hold: Kind
    held: bool
    """Whether it holds now."""
    owner: str
    reason: str
    until: str
    """`2026-12-01`."""
    version: str = ""
    """A pin's."""


def hold(root: Path, child: str, kind: Kind, reason: str, until: date, owner: str, today: date) -> HoldReport:
    """Write a hold into a child's file, or anew over the one that is there; `owner` may be empty: who is at work.

    Raises RefusedError for an unknown child and for a day that is over, CatalogError where the file would be refused.
    """
    file, document = child_file(root, child)
    owner = owner or me()
    refuse_any(_wrong(f"aoa {DO[kind]}", reason, until, owner, today))
    said: dict[str, Any] = {"version": document.get("version")} if kind == "pinned" else {}
    said |= {"reason": reason, "owner": owner, "until": until}
    write(root, {file: set_fields(file, {kind: said}, after="version")})
    return _report(child, file, kind, said, held=True)


def release(root: Path, child: str, kind: Kind) -> HoldReport:
    """Take a hold out of a child's file. Raises RefusedError where there is none, or no such child."""
    file, document = child_file(root, child)
    said = document.get(kind)
    if not said:
        raise RefusedError([Refusal(child, f"is not {kind}", f"{file} says nothing of it")])
    write(root, {file: set_fields(file, {kind: None})})
    return _report(child, file, kind, said if isinstance(said, dict) else {}, held=False)


def _wrong(verb: str, reason: str, until: date, owner: str, today: date) -> Iterator[Refusal]:
    yield from unaccounted(verb, reason, owner)
    if until < today:
        yield Refusal(verb, f"--until {until} is over", f"today is {today}")


def _report(child: str, file: Path, kind: Kind, said: dict[str, Any], *, held: bool) -> HoldReport:
    owner, reason, until, version = (str(said.get(name, "")) for name in ("owner", "reason", "until", "version"))
    return HoldReport(child, file, kind, held, owner, reason, until, version)


def overdue(plan: Plan, today: date) -> tuple[str, ...]:
    """Return what to say of holds that are over; each child once, wherever it is."""
    children = {planned.child.name: planned.child for planned in plan.children}
    held: Iterable[tuple[str, Kind, Hold | None]] = (
        pair for name in sorted(children)
        for pair in ((name, "paused", children[name].paused), (name, "pinned", children[name].pinned))
    )  # fmt: skip
    return tuple(_overdue(name, kind, hold, today) for name, kind, hold in held if hold and hold.until < today)


def _overdue(name: str, kind: Kind, hold: Hold, today: date) -> str:
    days = (today - hold.until).days
    over = f"{kind} until {hold.until}, over for {days} day{'' if days == 1 else 's'}"
    return f"{name}: {over} ({hold.owner}: {hold.reason}); aoa {UNDO[kind]} {name}, or set a later day"
