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
    children = [planned for planned in plan.children if planned.address in changing]
    inside = (each for each in children if each.place.cluster and not _brought(plan, each.address))
    used = {each.address: _types(each) for each in inside}
    by_cluster: defaultdict[str, set[str]] = defaultdict(set)
    for address, types in used.items():
        by_cluster[address.place] |= types
    unknown = world.unserved(by_cluster)
    for address in sorted(used):
        for each in sorted(used[address] & unknown.get(address.place, frozenset())):
            api, _, kind = each.rpartition(":")
            message = f"{address.place} knows no {kind} ({api}): its definition is not installed"
            yield Refusal(str(address), message, "install it, or let this child need the one that brings it")


def _types(planned: PlannedChild[Child]) -> frozenset[str]:
    """Return the types of a child's main object and external secrets, and of what people wrote if it brings none."""
    child = planned.child
    copies = any(secret.external_secret for secret in child.secrets)
    objects = planned.code.objects if planned.code and not child.brings_definitions else ()
    written = (f"{each.document['apiVersion']}:{each.document['kind']}" for each in objects)
    secrets = [f"{EXTERNAL_SECRETS}:ExternalSecret"] if copies else []
    return frozenset((f"{child.main_object.api}:{child.main_object.kind}", *written, *secrets))


def _brought(plan: Plan, address: Address) -> bool:
    """Tell whether anything that a child needs may install definitions."""
    return any(plan.by_address[each].child.brings_definitions for each in with_needs(plan, [address]) - {address})
