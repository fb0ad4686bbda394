"""Records what is good: deployed as its file says, in every place of an environment, and ready.

Recording is a verb of its own and no part of `up`: a deployment leaves the checkout as it is, and what is good shows
only afterwards, when the smoke tests have passed. A pipeline calls it then, and commits `releases/`.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.code import code_files
from appofapps.catalog.document import parse, read_text
from appofapps.catalog.releases import (
    FIELDS,
    KEPT,
    RELEASES,
    Release,
    code_folder,
    read_releases,
    releases_file,
    releases_text,
)
from appofapps.engine.results import EngineError
from appofapps.operations.edit import put
from appofapps.operations.people import me
from appofapps.operations.preview import effective, unattributed
from appofapps.operations.refusal import Refusal, RefusedError
from appofapps.operations.session import Session, load_project, open_session, stack_order
from appofapps.plan.place import place_all
from appofapps.plan.plan import Address


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
    names = (stack,) if stack else stack_order(*load_project(project, root), environment)
    return record_sessions(root, [open_session(project, name, root) for name in names], now)


def record_sessions(root: Path, sessions: Iterable[Session], now: datetime) -> RecordReport:
    """Record the good children of some stacks of one environment."""
    opened = tuple(sessions)
    environment, catalog = opened[0].plan.environment.name, opened[0].catalog
    reasons: dict[Address, str] = {}
    for session in opened:
        reasons |= _reasons(session)
    left_out, good = {}, []
    for child, places in _places(catalog, environment, {address.child for address in reasons}).items():
        why = [f"{place}: {reasons.get(place, 'not in this stack; aoa release record --env')}" for place in places]
        bad = [each for each, place in zip(why, places, strict=True) if reasons.get(place, "unseen")]
        if bad:
            left_out[child] = "; ".join(bad)
        else:
            good.append(_record(root, environment, child, catalog, now))
    return RecordReport(environment, tuple(good), left_out)


def _reasons(session: Session) -> dict[Address, str]:
    """Return, for each child of a stack, why it is not good; empty when it is."""
    preview = session.engine.preview()
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


def _places(catalog: Catalog, environment: str, children: Iterable[str]) -> Mapping[str, tuple[Address, ...]]:
    placed = place_all(catalog, catalog.environments[environment])
    found: defaultdict[str, tuple[Address, ...]] = defaultdict(tuple)
    for child in sorted(children):
        found[child] = tuple(Address(child, place.name) for place in placed[child])
    return found


def _record(root: Path, environment: str, child: str, catalog: Catalog, now: datetime) -> Recorded:
    fields, model = current(catalog, environment, child), catalog.children[child]
    release = Release(kind=model.kind, version=model.version, recorded=now, by=me(), fields=fields)
    before = read_releases(root, environment, child)
    if before and before[-1].fields == release.fields:
        return Recorded(child, release.version, new=False)
    others = tuple(each for each in before if each.fields != release.fields)
    kept = (*others, release)[-KEPT:]
    _keep_code(root, release, catalog, child)
    put(releases_file(root, environment, child), releases_text(environment, child, kept))
    _drop_code(root, environment, child, kept)
    return Recorded(child, release.version, new=True)


def current(catalog: Catalog, environment: str, child: str) -> dict[str, Any]:
    """Return what a child's file says now of what comes with a release, the code named as it is kept."""
    file = catalog.files[child]
    document = parse(file, read_text(file))
    fields: dict[str, Any] = {name: document[name] for name in FIELDS if name in document}
    code = catalog.code.get(child)
    if code:
        kept = code_folder(environment, child, document["version"], code.digest)
        fields["spec"] = {**fields["spec"], "code": kept, "digest": code.digest}
    return fields


def _keep_code(root: Path, release: Release, catalog: Catalog, child: str) -> None:
    code = catalog.code.get(child)
    folder = root / release.fields["spec"]["code"] if code else None
    if code and folder and not folder.exists():
        for name, file in code_files(code.folder).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, folder / name)


def _drop_code(root: Path, environment: str, child: str, kept: Iterable[Release]) -> None:
    used = {str(each.fields["spec"].get("code", "")) for each in kept}
    for folder in _folders(root / RELEASES / environment / child):
        if folder.relative_to(root).as_posix() not in used:
            shutil.rmtree(folder)


def _folders(parent: Path) -> Iterator[Path]:
    if parent.is_dir():
        yield from (folder for folder in sorted(parent.iterdir()) if folder.is_dir())
