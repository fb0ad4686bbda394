"""The deletion budget under plain `pulumi up`: the program asks the engine what it runs so far."""

from collections.abc import Iterable, Mapping

import pulumi

from appofapps.plan import conventions as c
from appofapps.plan.budget import addresses, excess, refusal
from appofapps.plan.plan import Address, Plan


def guard(plan: Plan, config: pulumi.Config) -> None:
    """Raise pulumi.RunError where this run would remove more children than the budget, or a confirmation, allows.

    Must come before the first resource is registered: from then on the state holds this run's children, too.
    """
    last = deployed(last_urns())
    confirmed = config.get_int(c.CONFIG_CONFIRM_DELETIONS) or 0
    gone = excess(last, addresses(plan), plan.deletion_budget, confirmed)
    if gone:
        hint = f"if that is meant: pulumi config set {c.CONFIG_CONFIRM_DELETIONS} {len(gone)}, and afterwards `rm` it"
        raise pulumi.RunError(f"{refusal(gone, last, plan.deletion_budget)}\n{hint}")


def last_urns() -> Iterable[str]:
    """Return the URNs in this stack's state; none for a new stack. A failed run has a state, but no outputs."""
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    answer = pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {"stackName": stack})
    urns: Mapping[str, object] = (answer.value or {}).get("outputs", {})
    return urns


def deployed(urns: Iterable[str]) -> frozenset[Address]:
    """Return the children whose components are among the URNs."""
    mine = (urn.rpartition("::") for urn in urns)
    names = (name for kind, _, name in mine if kind.rpartition("$")[2].startswith(c.COMPONENT_MODULE))
    found = (name.partition("@") for name in names)
    return frozenset(Address(child, place) for child, at, place in found if at)
