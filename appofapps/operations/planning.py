"""The resolved plan, for people: what runs where, in which order, and how long it may take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from appofapps.catalog.models.child import Patch
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.parent import StackTarget
from appofapps.operations.holds import overdue
from appofapps.operations.refusal import Refusal, RefusedError
from appofapps.operations.session import load_project, target
from appofapps.plan.checks.policies import misfits
from appofapps.plan.order import waves
from appofapps.plan.plan import Address, Plan, PlannedChild
from appofapps.plan.resolve import resolve


@dataclass(frozen=True, slots=True)
class ChildPlan:
    """One child in one place."""

    address: Address
    kind: str
    version: str
    owner: str
    name: str
    """The physical name; in a cluster also the namespace."""
    wave: int
    """Counted from 1: everything it needs is in an earlier one."""
    needs: tuple[Address, ...]
    outside_needs: tuple[Address, ...]
    """In other stacks of the environment."""
    deadline: int
    """Seconds one of its resources may take to become ready."""
    worst_case: int
    """Seconds after the start when it is ready at the latest, or has failed: its needs take their time first."""
    patches: tuple[Patch, ...]
    paused: bool
    pinned: bool


@dataclass(frozen=True, slots=True)
class PlanReport:
    """What one stack, or a whole environment, runs."""

    parent: str
    parent_version: str
    environment: str
    stack: str
    """Empty: the whole environment."""
    children: tuple[ChildPlan, ...]
    """In dependency order."""
    notes: tuple[str, ...] = ()
    """What somebody should look after: pauses and pins that are over, children that a policy would not let be."""


def describe(plan: Plan, stack: str = "", today: date | None = None) -> PlanReport:
    """Report a plan."""
    order = waves({planned.address: planned.needs for planned in plan.children})
    wave = {address: number for number, members in enumerate(order, start=1) for address in members}
    latest = worst_cases(plan)
    children = (_child(planned, wave[planned.address], latest[planned.address]) for planned in plan.children)
    notes = (*overdue(plan, today or datetime.now(UTC).date()), *_not_kept_yet(plan))
    return PlanReport(plan.parent, plan.parent_version, plan.environment.name, stack, tuple(children), notes)


def worst_cases(plan: Plan) -> Mapping[Address, int]:
    """Return, for each child, the longest chain of deadlines that ends with it, in seconds."""
    found: dict[Address, int] = {}
    for planned in plan.children:
        found[planned.address] = planned.deadline + max((found[need] for need in planned.needs), default=0)
    return found


def _not_kept_yet(plan: Plan) -> tuple[str, ...]:
    """Return what would not fit, were policies denying what they only look at now."""
    return tuple(
        f"{planned.address}: {misfit.message}"
        for planned in plan.children
        for by in planned.imposed
        if by.mode == "audit"
        for misfit in misfits(planned.child, plan.environment.tier, by)
    )


def _child(planned: PlannedChild[Child], wave: int, latest: int) -> ChildPlan:
    child = planned.child
    return ChildPlan(
        address=planned.address,
        kind=child.kind,
        version=child.version,
        owner=child.owner.team,
        name=planned.name,
        wave=wave,
        needs=planned.needs,
        outside_needs=planned.outside_needs,
        deadline=planned.deadline,
        worst_case=latest,
        patches=child.patches,
        paused=child.paused is not None,
        pinned=child.pinned is not None,
    )


def plan(project: Path, root: Path, environment: str, stack: str) -> PlanReport:
    """Resolve and report an environment, or what one stack takes of it; touches nothing.

    Raises CatalogError, and RefusedError for a stack that does not exist, or when neither is named.
    """
    catalog, stacks = load_project(project, root)
    if stack:
        return describe(resolve(catalog, target(stacks, stack, project)), stack)
    if not environment:
        known = ", ".join(sorted(catalog.environments))
        raise RefusedError([Refusal("aoa plan", "no environment named", f"aoa plan --env ENV; there are: {known}")])
    return describe(resolve(catalog, StackTarget(environment=environment)))
