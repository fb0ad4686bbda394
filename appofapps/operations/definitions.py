"""Definitions: types of objects that a run is about to use have to be known where it uses them."""

from collections import defaultdict
from collections.abc import Container, Iterator

from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.secret import EXTERNAL_SECRETS
from appofapps.observe.world import World
from appofapps.operations.refusal import Refusal
from appofapps.operations.scope import with_needs
from appofapps.plan.plan import Address, Plan, PlannedChild


def missing(plan: Plan, changing: Container[Address], world: World) -> Iterator[Refusal]:
    """Refuse children that use a type which their cluster does not know, and which nothing they need could bring."""
    children = [planned for planned in plan.children if planned.address in changing and planned.place.cluster]
    used = {planned.address: _types(planned) for planned in children}
    by_cluster: defaultdict[str, set[str]] = defaultdict(set)
    for address, types in used.items():
        by_cluster[address.place] |= types
    unknown = world.unserved(by_cluster)
    lacking = {address: types & unknown[address.place] for address, types in used.items()}
    for address in sorted(address for address, types in lacking.items() if types and not _brought(plan, address)):
        for each in sorted(lacking[address]):
            api, _, kind = each.rpartition(":")
            message = f"{address.place} knows no {kind} ({api}): its definition is not installed"
            yield Refusal(str(address), message, "install it, or let this child need the one that brings it")


def _types(planned: PlannedChild[Child]) -> frozenset[str]:
    """Return the types of a child's main object and external secrets, and of what people wrote if it brings none."""
    child = planned.child
    copies = any(secret.external_secret for secret in child.secrets)
    objects = planned.code.objects if planned.code and not child.brings_definitions else ()
    secrets = [f"{EXTERNAL_SECRETS}:ExternalSecret"] if copies else []
    return frozenset((f"{child.main_object.api}:{child.main_object.kind}", *(each.type for each in objects), *secrets))


def _brought(plan: Plan, address: Address) -> bool:
    """Tell whether anything that a child needs may install definitions."""
    return any(plan.by_address[each].child.brings_definitions for each in with_needs(plan, [address]) - {address})
