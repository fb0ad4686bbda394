"""The deletion budget: how many children one run may remove without being asked twice.

What counts is a child that loses at least one place: removing `cart` from both clusters is one removal, emptying a
cluster is as many as it had children. A child is known by its identity, so a rename is none.
"""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from appofapps.catalog.models.parent import DeletionBudget
from appofapps.plan.plan import Address, Plan


def addresses(plan: Plan) -> frozenset[Address]:
    """Return the addresses a plan keeps, those from before a rename included."""
    now = {planned.address for planned in plan.children}
    former = {
        Address(planned.child.moved_from, planned.place.name) for planned in plan.children if planned.child.moved_from
    }
    return frozenset(now | former)


def removed(last: Iterable[Address], now: Set[Address]) -> tuple[str, ...]:
    """Return the children that lose a place, by name."""
    return tuple(sorted({address.child for address in last if address not in now}))


def allowed(deployed: int, budget: DeletionBudget) -> int:
    """Return how many of the deployed children may go: the smaller of the two limits.

    The percentage is rounded down, but to no less than one, so that a stack of three children can lose one;
    zero in either setting allows none.
    """
    share = max(1, deployed * budget.percent // 100) if budget.percent else 0
    return min(budget.children, share)


def excess(last: Set[Address], now: Set[Address], budget: DeletionBudget, confirmed: int = 0) -> tuple[str, ...]:
    """Return the children a run would remove, where these are more than the budget and the confirmation allow.

    `last` are the addresses deployed so far, `now` those the plan keeps (`addresses`), `confirmed` the number a person
    has agreed to. Empty means: go on.
    """
    gone = removed(last, now)
    deployed = len({address.child for address in last})
    return gone if len(gone) > max(allowed(deployed, budget), confirmed) else ()


@dataclass(frozen=True, slots=True)
class Overrun:
    """More removals than a parent's deletion budget, or a confirmation, allows."""

    parent: str
    gone: tuple[str, ...]
    """The children that would lose a place."""
    deployed: int
    """How many children the parent has deployed so far."""
    allowed: int

    def __str__(self) -> str:
        """Say what would be removed, and why that is refused; what to type instead is the caller's to say."""
        return (
            f"this run would remove {len(self.gone)} of {self.deployed} children ({', '.join(self.gone)}); "
            f"the deletion budget of parent {self.parent} allows {self.allowed}"
        )


def overruns(last: Set[Address], plan: Plan, confirmed: int = 0, now: Set[Address] | None = None) -> Iterator[Overrun]:
    """Yield where a run would remove more than is allowed: each nested parent has a budget of its own.

    `last` are the addresses deployed so far, `confirmed` the number of removals a person has agreed to, `now` the
    addresses that are kept: those of the plan, where nothing else is said. A nested
    parent that is removed itself, with all its children, counts in the budget of the one around it.
    """
    now = addresses(plan) if now is None else now
    budgets = {"": (plan.parent, plan.deletion_budget)}
    budgets |= {key: (parent.name, parent.deletion_budget) for key, parent in plan.nested.items()}
    for key, (name, budget) in budgets.items():
        mine = {address for address in last if nested_parent(address.child, plan.nested) == key}
        if gone := excess(mine, now, budget, confirmed):
            deployed = len({address.child for address in mine})
            yield Overrun(name, gone, deployed, allowed(deployed, budget))


def nested_parent(child: str, nested: Iterable[str]) -> str:
    """Return the nested parent of a child, by its name alone: the child itself may be gone from the catalog."""
    return max((key for key in nested if child.startswith(f"{key}-")), key=len, default="")
