"""What the program does before its first resource."""

import pulumi

from appofapps.plan.plan import Plan
from components.charts import ChartError, fetch
from components.deletions import guard
from components.economy import mute_debug_log
from components.failures import outlast_failures
from components.last import Last, last_run


def begin(plan: Plan, config: pulumi.Config) -> Last:
    """Hold the deletion budget, fetch charts, and settle how the SDK behaves; return what the last run left.

    Raises pulumi.RunError where the budget says no, or a chart cannot be had.
    """
    last = last_run()
    guard(plan, config, last)
    try:
        fetch(plan)
    except ChartError as error:
        raise pulumi.RunError(str(error)) from None
    outlast_failures()
    mute_debug_log()
    return last
