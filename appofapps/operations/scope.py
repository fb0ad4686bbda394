"""Which children of a plan a run is about: all of them, or some and what they need."""

from collections.abc import Iterable

from appofapps.operations.refusal import Refusal, RefusedError
from appofapps.plan.plan import Address, Plan


def scope(plan: Plan, only: Iterable[str]) -> frozenset[Address]:
    """Return the addresses a run is about: those of the named children, with everything they need.

    A name is a child (`cart`) or a child in a place (`cart@eu-1`); none means all. Raises RefusedError for a name
    that is not in the plan.
    """
    names = tuple(only)
    if not names:
        return frozenset(plan.by_address)
    found: set[Address] = set()
    for name in names:
        named = [address for address in plan.by_address if name in {address.child, str(address)}]
        if not named:
            known = ", ".join(sorted({address.child for address in plan.by_address}))
            raise RefusedError([Refusal(name, "no such child in this stack", f"children: {known}")])
        found |= with_needs(plan, named)
    return frozenset(found)


def with_needs(plan: Plan, addresses: Iterable[Address]) -> set[Address]:
    """Return some children with everything they need, over however many others."""
    found: set[Address] = set()
    open_ones = list(addresses)
    while open_ones:
        address = open_ones.pop()
        if address not in found:
            found.add(address)
            open_ones += plan.by_address[address].needs
    return found


def targets(plan: Plan, chosen: Iterable[Address]) -> tuple[str, ...]:
    """Return the engine's targets for some children: URN patterns, where `**` matches anything.

    The parent and the providers go along: the engine refuses a resource whose provider it may not touch.
    """
    children = sorted(chosen)
    patterns = (pattern for address in children for pattern in (f"**::{address}", f"**::{address}/**"))
    return (f"**::{plan.parent}", "**::pulumi:providers:**", *patterns)
