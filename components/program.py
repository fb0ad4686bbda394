"""What the program does before its first resource."""

import pulumi

from appofapps.plan.plan import Plan
from components.deletions import guard
from components.economy import mute_debug_log
from components.failures import outlast_failures


def begin(plan: Plan, config: pulumi.Config) -> None:
    """Hold the deletion budget, and settle how the SDK behaves; raises pulumi.RunError where the budget says no."""
    guard(plan, config)
    outlast_failures()
    mute_debug_log()
