"""Partitions: the stacks of one environment, who owns which child, and what stack waits for which.

`order.waves` of `stack_needs` is the order to run them in; `order.cycles` what makes a partition impossible.
"""

from collections.abc import Mapping

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.models.parent import StackTarget
from appofapps.plan.place import needed_by_all, place_all, selected
from appofapps.plan.plan import Address

Owners = Mapping[Address, tuple[str, ...]]
"""The stacks that take each child; more than one is a clash, none an orphan."""


def owners(catalog: Catalog, stacks: Mapping[str, StackTarget], environment: str) -> Owners:
    """Return which stacks of an environment take each child."""
    placed = place_all(catalog, catalog.environments[environment])
    found: dict[Address, list[str]] = {
        Address(name, place.name): [] for name, places in placed.items() for place in places
    }
    for stack, target in sorted(stacks.items()):
        if target.environment == environment and target.is_shared:
            for address in selected(catalog, target, placed):
                found[address].append(stack)
    return {address: tuple(names) for address, names in found.items()}


def stack_needs(catalog: Catalog, owned: Owners, environment: str) -> Mapping[str, frozenset[str]]:
    """Return the stacks each stack waits for, because a child of it needs a child of theirs."""
    placed = place_all(catalog, catalog.environments[environment])
    found: dict[str, set[str]] = {stack: set() for stacks in owned.values() for stack in stacks}
    for address, needs in needed_by_all(catalog, placed).items():
        for stack in owned[address]:
            found[stack].update(owner for need in needs for owner in owned[need] if owner != stack)
    return {stack: frozenset(needs) for stack, needs in found.items()}
