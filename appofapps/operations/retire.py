"""The end of a child: nobody needs it, its data is kept or goes as its policy says, and its absence is seen.

Its file moves to `retired/`, with who and why written into it; nothing reads that folder but this module. Then every
stack that runs the child removes it: one child, this one, whatever the deletion budget says, and no other.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from appofapps.catalog.document import parse, read_text
from appofapps.catalog.load import read
from appofapps.catalog.problems import CatalogError
from appofapps.catalog.stacks import load_stacks
from appofapps.engine.results import State
from appofapps.observe.snapshots import Snapshot
from appofapps.operations.absence import held
from appofapps.operations.dependents import dependents
from appofapps.operations.deploy import Wish, deploy
from appofapps.operations.edit import child_file, put, set_fields, write
from appofapps.operations.interrupt import until_interrupted
from appofapps.operations.people import me
from appofapps.operations.refusal import Refusal, RefusedError, refuse_any
from appofapps.operations.report import RunReport
from appofapps.operations.retention import RETIRED
from appofapps.operations.session import Session, open_project, target
from appofapps.operations.talk import Talk
from appofapps.plan import budget

NESTED: Final = "parent"


@dataclass(frozen=True, slots=True)
class Farewell:
    """Why a child goes, and what becomes of its data."""

    child: str
    record: Path
    """Its file, as it was, with `retired` in it."""
    reason: str
    owner: str
    policy: str
    """`delete`, `retain` or `snapshot`."""


@dataclass(frozen=True, slots=True)
class StackRetirement:
    """What became of a child in one stack."""

    stack: str
    run: RunReport | None
    """None: it was not deployed there."""
    looked_at: int = 0
    """How many of its objects were looked for afterwards; parts of others, such as a function's versions, are not."""
    still_there: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    """Places that could not be looked at, and why."""

    @property
    def interrupted(self) -> bool:
        """Tell whether somebody ended it."""
        return self.run is not None and self.run.interrupted


@dataclass(frozen=True, slots=True)
class RetireReport:
    """A retirement, as far as it got."""

    farewell: Farewell
    stacks: tuple[StackRetirement, ...]

    @property
    def exit_code(self) -> int:
        """Return 0 when everywhere everything is gone, or kept where the policy says so."""
        return 0 if all(self.is_done(each) for each in self.stacks) else 1

    def is_done(self, each: StackRetirement) -> bool:
        """Tell whether a stack is rid of the child, beyond doubt."""
        kept = self.farewell.policy == "retain"
        as_meant = len(each.still_there) == each.looked_at if kept else not each.still_there
        return as_meant and not each.unseen and (each.run is None or each.run.exit_code == 0)


def retire(
    project: Path, root: Path, child: str, reason: str, owner: str, stacks: Iterable[str], today: date,
    talk: Talk | None = None,
) -> RetireReport:  # fmt: skip
    """Take a child's file out of the catalog, if it is in there, then remove the child from stacks.

    After an interrupt no stack is begun.
    Raises CatalogError naming what needs the child, RefusedError when a guard says no, EngineError when the engine
    could not run.
    """
    names = tuple(stacks)
    _all_known(project, names)
    farewell = _recorded(root, child) or _take_out(root, child, reason, owner or me(), today)
    if not names:
        return RetireReport(farewell, ())
    opened = open_project(project, root)
    done = (remove(opened.session(stack, confirm_deletions=1), farewell, talk or Talk()) for stack in names)
    return RetireReport(farewell, tuple(until_interrupted(done)))


def remove(session: Session, farewell: Farewell, talk: Talk) -> StackRetirement:
    """Remove a retired child from one stack, and look whether it is gone."""
    state = session.engine.state()
    if farewell.child not in {address.child for address in state.children()}:
        return StackRetirement(session.stack, None)
    refuse_any(_not_alone(session, state, farewell.child))
    before = held(session, state, {farewell.child})
    run = deploy(session, Wish(confirm_deletions=1), replace(talk, saved=partial(_note, farewell.record)))
    left = before.left()
    unseen = tuple(f"{place}: {why}" for place, why in left.unseen.items())
    return StackRetirement(session.stack, run, len(before.claims), tuple(map(str, left.there)), unseen)


def _all_known(project: Path, names: tuple[str, ...]) -> None:
    """Refuse stacks that do not exist, before the catalog is touched."""
    known = load_stacks(project) if names else {}
    for name in names:
        target(known, name, project)


def _note(record: Path, snapshots: tuple[Snapshot, ...]) -> None:
    """Write into the record what was saved, before anything goes; what other stacks saved stays in it."""
    if snapshots:
        said = parse(record, read_text(record))["retired"]
        saved = [*said.get("snapshots", ()), *map(asdict, snapshots)]
        put(record, set_fields(record, {"retired": {**said, "snapshots": saved}}))


def _not_alone(session: Session, state: State, child: str) -> Iterator[Refusal]:
    """Refuse to remove others along with it: what is confirmed is one child."""
    others = [name for name in budget.removed(state.children(), budget.addresses(session.plan)) if name != child]
    if others:
        message = f"the same run would remove {', '.join(others)}, too"
        yield Refusal(session.stack, message, f"deploy that first: aoa up --stack {session.stack}")


def _recorded(root: Path, child: str) -> Farewell | None:
    """Return what is recorded of a child that is retired already, and is not there anew."""
    record = root / RETIRED / f"{child}.yaml"
    catalog = read(root).catalog
    if not record.exists() or (catalog and child in catalog.children):
        return None
    return _farewell(record, parse(record, read_text(record)))


def _farewell(record: Path, document: Mapping[str, Any]) -> Farewell:
    said = document.get("retired") or {}
    policy = str(document.get("deletion_policy", "delete"))
    return Farewell(str(document["name"]), record, str(said.get("reason")), str(said.get("owner")), policy)


def _take_out(root: Path, child: str, reason: str, owner: str, today: date) -> Farewell:
    file, document = child_file(root, child)
    if not reason.strip() or not owner:
        raise RefusedError([Refusal("aoa retire", "no reason given, or nobody to ask", "--reason WHY --owner WHO")])
    if document.get("kind") == NESTED:
        hint = f"take {file} away and confirm its children: aoa up --confirm-deletions N"
        raise RefusedError([Refusal(child, "is a nested parent: its children end in its own catalog", hint)])
    catalog = read(root).catalog
    needing = tuple(dependents(catalog, child)) if catalog else ()
    if needing:
        raise CatalogError(needing)
    record = root / RETIRED / f"{child}.yaml"
    if record.exists():
        hint = f"git mv {record} {record.with_stem(f'{child}-1')}"
        raise RefusedError([Refusal(str(record), "is of an earlier one, and may name its snapshots", hint)])
    said = {"reason": reason, "owner": owner, "date": today}
    write(root, {file: None, record: set_fields(file, {"retired": said}, after="version")})
    return _farewell(record, {**document, "retired": said})
