"""The deletion budget, and what paused children may lose, under plain `pulumi up`."""

import os

import pulumi

from appofapps.plan import conventions as c
from appofapps.plan import frozen
from appofapps.plan.budget import overruns
from appofapps.plan.plan import Plan
from components.last import Last


def guard(plan: Plan, config: pulumi.Config, last: Last) -> None:
    """Raise pulumi.RunError where this run would remove more children than the budget, or a confirmation, allows.

    A paused child may lose no place at all.
    """
    if os.environ.get(c.VARIABLE_PART):
        return  # the engine touches its targets only, and removes nothing
    deployed = last.children()
    lost = frozen.losses(plan, deployed)
    if lost:
        raise pulumi.RunError("\n".join(f"{address}: {'; '.join(frozen.refusal(address))}" for address in lost))
    confirmed = config.get_int(c.CONFIG_CONFIRM_DELETIONS) or int(os.environ.get(c.VARIABLE_CONFIRM_DELETIONS) or 0)
    found = tuple(overruns(deployed, plan, confirmed))
    if found:
        gone = sum(len(overrun.gone) for overrun in found)
        hint = f"if that is meant: pulumi config set {c.CONFIG_CONFIRM_DELETIONS} {gone}, and afterwards `rm` it"
        raise pulumi.RunError("\n".join([*(f"refused: {overrun}" for overrun in found), hint]))
