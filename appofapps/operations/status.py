"""`status`: every child of a stack, as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from appofapps.engine.results import State
from appofapps.observe.health import Condition, Health, unknown
from appofapps.operations.holds import overdue
from appofapps.operations.session import Session
from appofapps.operations.versions import deployed_versions, owners
from appofapps.plan.budget import addresses
from appofapps.plan.plan import Address


@dataclass(frozen=True, slots=True)
class ChildStatus:
    """One child in one place, as observed now."""

    address: Address
    kind: str
    version: str
    """The version deployed, as the state records it; empty when it is not deployed."""
    wanted: str
    """The version the catalog asks for; empty when the catalog does not know the child any more."""
    owner: str
    condition: Condition
    since: str = ""
    cause: str = ""
    paused: bool = False
    pinned: bool = False

    @property
    def ready(self) -> bool:
        """Tell whether it is ready, beyond doubt."""
        return self.condition is Condition.READY


@dataclass(frozen=True, slots=True)
class ParentStatus:
    """A nested parent, rolled up: the children in it and in the parents within it."""

    name: str
    version: str
    children: int
    ready: int


@dataclass(frozen=True, slots=True)
class StatusReport:
    """All children of a stack."""

    stack: str
    children: tuple[ChildStatus, ...]
    parents: tuple[ParentStatus, ...] = ()
    """The nested parents, outer ones before those in them."""
    unreachable: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """What somebody should look after: pauses and pins that are over."""

    @property
    def exit_code(self) -> int:
        """Return 0 when every child is ready."""
        return 0 if all(child.ready for child in self.children) else 1


def status(session: Session, today: date | None = None) -> StatusReport:
    """Look at every child of a stack, and at those it still has and the catalog does not know any more.

    Raises EngineError when the state cannot be read.
    """
    state = session.engine.state()
    versions = deployed_versions(state)
    seen = session.world.observe(session.plan.children)
    planned = (_planned(session, address, versions, seen[address]) for address in session.plan.by_address)
    names = (cluster.name for cluster in session.plan.clusters)
    children = (*planned, *_left_over(session, state))
    notes = overdue(session.plan, today or datetime.now(UTC).date())
    return StatusReport(session.stack, children, _parents(session, children), session.world.unreachable(names), notes)


def _parents(session: Session, children: tuple[ChildStatus, ...]) -> tuple[ParentStatus, ...]:
    found = []
    for key in sorted(session.plan.nested):
        inside = [each for each in children if each.address.child.startswith(f"{key}-")]
        if inside:
            version = session.plan.nested[key].version
            found.append(ParentStatus(key, version, len(inside), sum(each.ready for each in inside)))
    return tuple(found)


def _planned(session: Session, address: Address, versions: Mapping[Address, str], seen: Health) -> ChildStatus:
    child = session.plan.by_address[address].child
    deployed = versions.get(address) or versions.get(Address(child.identity, address.place), "")
    return ChildStatus(
        address=address,
        kind=child.kind,
        version=deployed,
        wanted=child.version,
        owner=child.owner.team,
        condition=seen.condition,
        since=seen.since,
        cause=seen.cause,
        paused=child.paused is not None,
        pinned=child.pinned is not None,
    )


def _left_over(session: Session, state: State) -> tuple[ChildStatus, ...]:
    versions, teams = deployed_versions(state), owners(state)
    gone = unknown("deployed, but the catalog does not know it any more; the next `aoa up` removes it")
    return tuple(
        ChildStatus(address, "", versions.get(address, ""), "", teams.get(address, ""), gone.condition, "", gone.cause)
        for address in sorted(state.children() - addresses(session.plan))
    )
