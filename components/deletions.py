"""The deletion budget under plain `pulumi up`: the program asks the engine what it runs so far."""

import os
import time
from collections.abc import Iterable, Mapping
from typing import Any

import pulumi

from appofapps.plan import conventions as c
from appofapps.plan.budget import overruns
from appofapps.plan.plan import Address, Plan


def guard(plan: Plan, config: pulumi.Config) -> None:
    """Raise pulumi.RunError where this run would remove more children than the budget, or a confirmation, allows.

    Must come before the first resource is registered: from then on the state holds this run's children, too.
    """
    if os.environ.get(c.VARIABLE_PART):
        return  # the engine touches its targets only, and removes nothing
    confirmed = config.get_int(c.CONFIG_CONFIRM_DELETIONS) or int(os.environ.get(c.VARIABLE_CONFIRM_DELETIONS) or 0)
    found = tuple(overruns(deployed(last_urns()), plan, confirmed))
    if found:
        gone = sum(len(overrun.gone) for overrun in found)
        hint = f"if that is meant: pulumi config set {c.CONFIG_CONFIRM_DELETIONS} {gone}, and afterwards `rm` it"
        raise pulumi.RunError("\n".join([*(f"refused: {overrun}" for overrun in found), hint]))


def last_urns() -> Iterable[str]:
    """Return the URNs in this stack's state; none for a new stack. A failed run has a state, but no outputs."""
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    urns: Mapping[str, object] = (_recorded(stack) or {}).get("outputs", {})
    return urns


def _recorded(stack: str, attempts: int = 10) -> Any:  # noqa: ANN401 - what an invoke answers
    """Ask for the state; the engine is writing it, and a file backend truncates a sidecar (`.attrs`) as it does.

    https://github.com/google/go-cloud: setAttrs in blob/fileblob/attrs.go. A read in that moment ends with EOF.
    """
    try:
        return pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {"stackName": stack}).value
    except Exception as error:
        if attempts == 1 or not str(error).strip().endswith("EOF"):
            raise
    time.sleep(0.1)
    return _recorded(stack, attempts - 1)


def deployed(urns: Iterable[str]) -> frozenset[Address]:
    """Return the children whose components are among the URNs."""
    mine = (urn.rpartition("::") for urn in urns)
    names = (name for kind, _, name in mine if kind.rpartition("$")[2].startswith(c.COMPONENT_MODULE))
    found = (name.partition("@") for name in names)
    return frozenset(Address(child, place) for child, at, place in found if at)
