"""Records what is good: deployed as its file says, in every place of an environment, and ready.

Recording is a verb of its own and no part of `up`: a deployment leaves the checkout as it is, and what is good shows
only afterwards, when the smoke tests have passed. A pipeline calls it then, and commits `releases/`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from appofapps.engine.results import EngineError
from appofapps.operations.preview import effective, unattributed
from appofapps.operations.refusal import Refusal, RefusedError
from appofapps.operations.releases import keep
from appofapps.operations.session import Project, Session, open_project, stack_needs, target
from appofapps.plan.place import place_all
from appofapps.plan.plan import Address

ELSEWHERE: Final = "not in this stack; aoa release record --env sees all"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A child that is good."""

    child: str
    version: str
    new: bool
    """False: it was the newest release already."""


@dataclass(frozen=True, slots=True)
class RecordReport:
    """What was recorded of an environment, and what not."""

    environment: str
    recorded: tuple[Recorded, ...]
    left_out: Mapping[str, str]
    """Children that are not good, and why."""

    @property
    def exit_code(self) -> int:
        """Return 0 when every child is good."""
        return 1 if self.left_out else 0


def record(project: Path, root: Path, stack: str, environment: str, now: datetime) -> RecordReport:
    """Record the good children of a stack, or of a whole environment.

    Raises CatalogError, RefusedError, and EngineError where a preview cannot say what differs.
    """
    if bool(stack) == bool(environment):
        hint = "aoa release record --stack S, or --env E"
        raise RefusedError([Refusal("aoa release record", "name a stack or an environment", hint)])
    opened = open_project(project, root)
    names = (_shared(opened, stack),) if stack else _all_shared(opened, environment)
    return record_sessions(root, [opened.session(name) for name in names], now)


def _shared(project: Project, stack: str) -> str:
    """Refuse the stack of a tenant or of a preview: what is recorded is of an environment's own children."""
    whose = target(project.stacks, stack, project.folder)
    if not whose.is_shared:
        message = "is of a tenant, or of a preview: releases are recorded of shared children only"
        raise RefusedError([Refusal(stack, message, f"aoa release record --env {whose.environment}")])
    return stack


def _all_shared(project: Project, environment: str) -> Iterable[str]:
    shared = {stack: each for stack, each in project.stacks.items() if each.is_shared}
    return sorted(stack_needs(project.catalog, shared, environment))


def record_sessions(root: Path, sessions: Iterable[Session], now: datetime) -> RecordReport:
    """Record the good children of some stacks of one environment."""
    opened = tuple(sessions)
    environment, catalog = opened[0].plan.environment.name, opened[0].catalog
    reasons = {address: reason for session in opened for address, reason in _reasons(session).items()}
    placed = place_all(catalog, catalog.environments[environment])
    left_out, good = {}, []
    for child in sorted({address.child for address in reasons}):
        places = (Address(child, place.name) for place in placed[child])
        bad = [f"{place}: {reason}" for place in places if (reason := reasons.get(place, ELSEWHERE))]
        if bad:
            left_out[child] = "; ".join(bad)
        else:
            new = keep(root, environment, child, catalog, now)
            good.append(Recorded(child, catalog.children[child].version, new))
    return RecordReport(environment, tuple(good), left_out)


def _reasons(session: Session) -> dict[Address, str]:
    """Return, for each child of a stack, why it is not good; empty when it is."""
    preview = session.engine.preview()
    if preview.interrupted:
        raise KeyboardInterrupt
    loose = unattributed(preview, {})
    if loose:
        raise EngineError("\n".join(loose))
    differs = {change.name.child for change in effective(preview)}
    differs |= {failure.name.child for failure in preview.failures if failure.name}
    health = session.world.observe(session.plan.children)

    def why(address: Address) -> str:
        if session.plan.by_address[address].child.paused:
            return "paused, so its file does not say what runs"
        if address in differs:
            return "its file is not what is deployed; `aoa preview` shows the difference"
        return "" if health[address].ready else f"{health[address].condition} {health[address].cause}".rstrip()

    # A nested parent's children go back with its version, in its own catalog.
    return {planned.address: why(planned.address) for planned in session.plan.children if not planned.parent}
