"""What a run would change, child by child."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum

from appofapps.catalog.models.quota import Quota
from appofapps.engine.results import Change, Operation, RunResult, State
from appofapps.operations.cause import summary
from appofapps.operations.progress import QUIET
from appofapps.operations.requests import NONE, Requests, by_child
from appofapps.operations.scope import scope, targets
from appofapps.operations.session import Session
from appofapps.operations.versions import deployed_versions, image, version
from appofapps.plan.conventions import FAILED_CHILDREN
from appofapps.plan.plan import Address, Plan

ECHOES = (FAILED_CHILDREN, "an unhandled error occurred: program exited with non-zero exit code")
"""How program and engine end when a child failed, which is reported with the child."""


class Verb(StrEnum):
    """What would become of a child."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """One resource that would change."""

    resource: str
    """Its name within the child, as patches address it."""
    type: str
    operation: Operation
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChildChange:
    """One child that would change, in one place."""

    address: Address | None
    """None for what belongs to no child: the parent itself, the providers."""
    verb: Verb
    old_version: str = ""
    new_version: str = ""
    old_image: str = ""
    new_image: str = ""
    resources: tuple[ResourceChange, ...] = ()
    before: Requests = NONE
    """What its pods request now, those of jobs left out."""
    after: Requests = NONE
    quota: Quota | None = None
    """Of its namespace, where it will have one."""

    @property
    def replaces(self) -> bool:
        """Tell whether anything would be deleted and made anew."""
        return any(change.operation is Operation.REPLACE for change in self.resources)

    @property
    def deletes(self) -> bool:
        """Tell whether anything would be deleted for good."""
        return any(change.operation is Operation.DELETE for change in self.resources)


@dataclass(frozen=True, slots=True)
class PreviewReport:
    """What an `up` would do."""

    stack: str
    children: tuple[ChildChange, ...] = ()
    unreachable: Mapping[str, str] = field(default_factory=dict)
    failures: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """Return 0 for no difference, 1 for any, or for a preview that failed."""
        return 1 if self.children or self.failures or self.unreachable else 0


def preview(session: Session, only: Iterable[str] = (), *, refresh: bool = False) -> PreviewReport:
    """Ask the engine what an `up` would do; nothing is written.

    Raises RefusedError for an unknown child, EngineError when the engine could not run.
    """
    names = tuple(only)
    chosen = scope(session.plan, names)
    unreachable = session.world.unreachable(cluster.name for cluster in session.plan.clusters)
    state = session.engine.state()
    result = session.engine.preview(refresh=refresh, targets=targets(session.plan, chosen) if names else ())
    if result.interrupted:
        raise KeyboardInterrupt
    return describe(session, result, state, unreachable)


def describe(session: Session, result: RunResult, state: State, unreachable: Mapping[str, str]) -> PreviewReport:
    """Report a preview's result."""
    return PreviewReport(
        stack=session.stack,
        children=_weighed(session.plan, result, grouped(session.plan, effective(result), state)),
        unreachable=unreachable,
        failures=tuple(dict.fromkeys(_said(failure.name.child if failure.name else None, failure.message)
                                     for failure in result.failures)),
        seconds=result.seconds,
    )  # fmt: skip


def _weighed(plan: Plan, result: RunResult, children: tuple[ChildChange, ...]) -> tuple[ChildChange, ...]:
    """Return the changes with what the children's pods request before and after."""
    asked = by_child(plan, result.changes)
    found = []
    for child in children:
        planned = plan.by_address.get(child.address) if child.address else None
        before, after = asked.get(child.address, (NONE, NONE)) if child.address else (NONE, NONE)
        quota = planned.quota if planned and planned.place.cluster else None
        found.append(replace(child, before=before, after=after, quota=quota))
    return tuple(found)


def first(plan: Plan, stack: str, chosen: Set[Address]) -> PreviewReport:
    """Report what a first deployment of some children does, which needs no engine to say."""
    children = (planned for planned in plan.children if planned.address in chosen)
    added = (ChildChange(planned.address, Verb.ADDED, new_version=planned.child.version) for planned in children)
    return PreviewReport(stack, tuple(added))


def unattributed(result: RunResult, unreachable: Mapping[str, str]) -> tuple[str, ...]:
    """Return the errors that belong to no child: of the program, a policy, the backend.

    What a provider says of a cluster out of reach is known already. A run that failed and gave no reason is one, too.
    """
    if result.interrupted:  # whatever program and engine say then, they say it because of that
        return ()
    if not result.succeeded and not result.failures:
        return ("the engine ended with an error and gave no reason; `pulumi` on the same stack shows its output",)
    loose = [failure for failure in result.failures if not failure.name or failure.name.child is None]
    if len(loose) < len(result.failures):
        loose = [said for said in loose if not said.message.startswith(ECHOES)]
    known = set(unreachable)
    return tuple(summary(said.message) for said in loose if not said.name or said.name.resource not in known)


def effective(result: RunResult) -> tuple[Change, ...]:
    """Return the steps that change something."""
    return tuple(change for change in result.changes if change.operation not in QUIET)


def grouped(plan: Plan, changes: Iterable[Change], state: State) -> tuple[ChildChange, ...]:
    """Group changes by child: in dependency order, then what is removed, then what belongs to no child."""
    groups: dict[Address | None, list[Change]] = {planned.address: [] for planned in plan.children}
    for change in changes:
        groups.setdefault(change.name.child, []).append(change)
    deployed, versions = state.children(), deployed_versions(state)
    children = []
    for address, members in groups.items():
        before = _known_as(plan, address, deployed)
        old = versions.get(before, "") if before else ""
        children += [_child(plan, address, members, old, known=before is not None)] if members else []
    return tuple(children)


def _known_as(plan: Plan, address: Address | None, deployed: Set[Address]) -> Address | None:
    """Return the address a child is deployed under so far: its own, or that from before a rename; None for neither."""
    planned = plan.by_address.get(address) if address else None
    former = Address(planned.child.identity, planned.place.name) if planned else None
    return next((known for known in (address, former) if known in deployed), None)


def _child(plan: Plan, address: Address | None, changes: list[Change], old: str, *, known: bool) -> ChildChange:
    gone = address is not None and address not in plan.by_address
    images = [(image(change.old), image(change.new)) for change in changes if image(change.old) or image(change.new)]
    new = next((stated for change in changes if (stated := version(change.new))), "")
    return ChildChange(
        address=address,
        verb=Verb.REMOVED if gone else Verb.CHANGED if known or address is None else Verb.ADDED,
        old_version=old,
        new_version=new or ("" if gone else old),
        old_image=images[0][0] if images else "",
        new_image=images[0][1] if images else "",
        resources=tuple(
            ResourceChange(change.name.resource, change.name.type, change.operation, change.properties)
            for change in changes
        ),
    )


def _said(address: Address | None, message: str) -> str:
    return f"{address}: {summary(message)}" if address else summary(message)
