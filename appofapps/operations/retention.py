"""A policy that was written and never deployed protects nothing: seen before a child goes."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from appofapps.catalog.document import parse, read_text
from appofapps.engine.results import State
from appofapps.operations.refusal import Refusal
from appofapps.plan import conventions as c
from appofapps.plan.budget import addresses
from appofapps.plan.plan import Address, Plan

RETIRED: Final = "retired"
"""Where the files of retired children lie, in the catalog; the catalog does not read them."""


def unkept(root: Path, plan: Plan, state: State) -> Iterator[Refusal]:
    """Refuse to remove a retired child whose file keeps its data while the state does not: it would go.

    A child is removed by what the last `up` recorded. The other way round nothing is lost, and nothing is refused.
    """
    keeps = addresses(plan)
    for address in sorted(state.children() - keeps):
        record = root / RETIRED / f"{address.child}.yaml"
        wanted = parse(record, read_text(record)).get("deletion_policy", "delete") if record.exists() else "delete"
        if wanted != "delete" and _recorded(state, address) not in (wanted, "retain"):
            message = f"has deletion_policy {wanted}, but was last deployed without that: its data would be deleted"
            hint = f"move {record} back to apps/ without `retired:`, `aoa up`, then retire it again"
            yield Refusal(str(address), message, hint)


def to_snapshot(state: State) -> Mapping[Address, str]:
    """Return the namespaces of the children that, as they were last deployed, do not go without a snapshot."""
    found = ((each.name.child, each.inputs.get("metadata") or {}) for each in state.resources)
    return {
        address: metadata["name"]
        for address, metadata in found
        if address and (metadata.get("annotations") or {}).get(c.DELETION_POLICY) == "snapshot"
    }


def _recorded(state: State, address: Address) -> str:
    """Return the policy of a child as it was last deployed."""
    of_child = (each for each in state.resources if each.name.child == address and each.custom)
    if all(each.retained for each in of_child):
        return "retain"
    return "snapshot" if address in to_snapshot(state) else "delete"


def unrecorded(plan: Plan, state: State) -> bool:
    """Tell whether a policy differs from what the state records of it: to the engine that is no change, to us it is."""
    recorded = {(each.name.child, each.name.resource): each.retained for each in state.resources}
    return any(
        recorded.get((planned.address, planned.child.main_resource), wanted) != wanted
        for planned in plan.children
        for wanted in (planned.child.deletion_policy == "retain",)
    )
