"""A policy that was written and never deployed protects nothing: seen before a child goes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from appofapps.catalog.document import parse, read_text
from appofapps.engine.results import State
from appofapps.operations.refusal import Refusal
from appofapps.plan.budget import addresses
from appofapps.plan.plan import Plan

RETIRED: Final = "retired"
"""Where the files of retired children lie, in the catalog; the catalog does not read them."""


def unkept(root: Path, plan: Plan, state: State) -> Iterator[Refusal]:
    """Refuse to remove a retired child whose file says `retain` while the state does not: its data would go.

    The engine removes by what the last `up` recorded. The other way round nothing is lost, and nothing is refused.
    """
    keeps = addresses(plan)
    for address in sorted(state.children() - keeps):
        record = root / RETIRED / f"{address.child}.yaml"
        if not record.exists() or parse(record, read_text(record)).get("deletion_policy") != "retain":
            continue
        of_child = (each for each in state.resources if each.name.child == address and each.custom)
        if not all(each.retained for each in of_child):
            message = "is to be retained, but was last deployed without that: its data would be deleted"
            hint = f"move {record} back to apps/ without `retired:`, `aoa up`, then retire it again"
            yield Refusal(str(address), message, hint)


def unrecorded(plan: Plan, state: State) -> bool:
    """Tell whether a policy differs from what the state records of it: to the engine that is no change, to us it is."""
    recorded = {(each.name.child, each.name.resource): each.retained for each in state.resources}
    return any(
        recorded.get((planned.address, planned.child.main_resource), wanted) != wanted
        for planned in plan.children
        for wanted in (planned.child.deletion_policy == "retain",)
    )
