"""The stacks of an environment before they run: what each takes, and what it waits for."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from appofapps.operations.fleet import Fleet, recorded
from appofapps.operations.session import Project
from appofapps.plan.check import check
from appofapps.plan.order import waves
from appofapps.plan.partition import owners
from appofapps.plan.place import place_all, selected
from appofapps.plan.plan import Address
from appofapps.plan.tenancy import share


@dataclass(frozen=True, slots=True)
class StackPlan:
    """One stack of an environment."""

    stack: str
    wave: int
    """Counted from 1: the stacks it needs are in earlier ones; those of one wave run side by side."""
    needs: tuple[str, ...]
    places: tuple[str, ...]
    """Clusters and regions."""
    children: int
    changed: bool | None
    """Whether it differs from what was last deployed; None where nobody asked."""


@dataclass(frozen=True, slots=True)
class FleetPlan:
    """The stacks of one environment, in the order they run."""

    environment: str
    stacks: tuple[StackPlan, ...]
    orphans: tuple[Address, ...]
    """Children that no stack takes."""


def plan(fleet: Fleet) -> FleetPlan:
    """Report the stacks of a fleet; touches nothing, and reads the stacks' states only to tell which have changed.

    Raises CatalogError for a wrong catalog, EngineError when a state cannot be read.
    """
    check(fleet.project.catalog)
    taken = {stack: _taken(fleet.project, stack) for stack in fleet.needs}
    changed = _changed(fleet) if fleet.changed else {}
    rows = (
        StackPlan(
            stack=stack,
            wave=number,
            needs=tuple(sorted(fleet.needs[stack])),
            places=tuple(sorted({address.place for address in taken[stack]})),
            children=len(taken[stack]),
            changed=changed.get(stack),
        )
        for number, wave in enumerate(waves(fleet.needs), 1)
        for stack in wave
    )
    return FleetPlan(fleet.environment, tuple(rows), tuple(sorted(_orphans(fleet))))


def _taken(project: Project, stack: str) -> frozenset[Address]:
    catalog, target = share(project.catalog, project.stacks[stack])
    return frozenset(selected(catalog, target, place_all(catalog, catalog.environments[target.environment])))


def _orphans(fleet: Fleet) -> Iterator[Address]:
    """Yield the children that no stack takes; what tenants' stacks take is nobody else's, and theirs is whole."""
    if any(fleet.project.stacks[stack].tenant for stack in fleet.needs):
        return
    owned = owners(fleet.project.catalog, fleet.project.stacks, fleet.environment)
    yield from (address for address, stacks in owned.items() if not stacks)


def _changed(fleet: Fleet) -> dict[str, bool]:
    with ThreadPoolExecutor(fleet.parallel) as pool:
        found = pool.map(lambda stack: not recorded(fleet.project.session(stack)), fleet.needs)
        return dict(zip(fleet.needs, found, strict=True))
