"""Paused children: what a run must not take from them."""

from collections.abc import Iterable

from appofapps.plan.budget import addresses
from appofapps.plan.plan import Address, Plan


def losses(plan: Plan, deployed: Iterable[Address]) -> tuple[Address, ...]:
    """Return the places that paused children are deployed in, and would lose by this plan."""
    keeps = addresses(plan)
    return tuple(sorted(address for address in deployed if address not in keeps and address.child in plan.paused))


def refusal(lost: Address) -> tuple[str, str]:
    """Say why a run that takes a place from a paused child is refused, and what to do instead."""
    message = f"is deployed and paused, and its file, or this stack's, places it in {lost.place} no more"
    return message, f"put that back, or let it follow its file: aoa resume {lost.child}"
