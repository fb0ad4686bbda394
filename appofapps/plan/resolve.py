"""Catalog and target to plan."""

from collections.abc import Mapping
from dataclasses import dataclass

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.collection import collection_paused
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.parent import EnvironmentFile, StackTarget
from appofapps.plan import metadata, previews, tenancy
from appofapps.plan.check import check
from appofapps.plan.naming import physical_name
from appofapps.plan.network import Dependents, dependents, egress, ingress
from appofapps.plan.network import namespace as home_name
from appofapps.plan.network import previews as callers_in_previews
from appofapps.plan.order import waves
from appofapps.plan.overrides import as_placed
from appofapps.plan.place import needed_by_all, place_all, selected
from appofapps.plan.plan import Address, Peer, Place, Plan, PlannedChild
from appofapps.plan.policies import Policy, imposed, policies


@collection_paused()
def resolve(catalog: Catalog, target: StackTarget) -> Plan:
    """Return what one stack runs, complete and in dependency order.

    Raises CatalogError with every problem of the catalog, or of the target, that makes that impossible.
    """
    check(catalog, target)
    catalog, target = (previews if target.preview else tenancy).share(catalog, target)
    environment = catalog.environments[target.environment]
    placed = place_all(catalog, environment)
    wanted = selected(catalog, target, placed)
    needed = needed_by_all(catalog, placed)
    ruling = policies(catalog, environment)
    scene = _Scene(catalog, environment, needed, dependents(needed), frozenset(wanted), ruling)
    children = {address: scene.planned(address, place) for address, place in wanted.items()}
    order = waves({address: planned.needs for address, planned in children.items()})
    return Plan(
        parent=catalog.parent.name,
        parent_version=catalog.parent.version,
        environment=environment,
        target=target,
        deletion_budget=catalog.parent.deletion_budget,
        children=tuple(children[address] for wave in order for address in wave),
        nested=catalog.parents,
        paused=frozenset(
            name for child in catalog.children.values() if child.paused for name in (child.name, child.identity)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Scene:
    """The environment a child is planned in."""

    catalog: Catalog
    environment: EnvironmentFile
    needed: Mapping[Address, tuple[Address, ...]]
    callers: Dependents
    inside: frozenset[Address]
    ruling: tuple[Policy, ...]

    def planned(self, address: Address, place: Place) -> PlannedChild[Child]:
        child, inside = self.catalog.children[address.child], self.catalog.nested_in.get(address.child, "")
        parent = metadata.parent(self.catalog, child)
        name = physical_name(self.environment.name, child.identity)
        needs, named = self.needed[address], {*(call.name for call in child.calls), *child.parameter_owners}
        return PlannedChild(
            child=as_placed(child, self.environment.tier, place),
            place=place,
            name=name,
            environment=self.environment,
            labels=metadata.labels(name, child, parent, self.environment),
            selector=metadata.selector(name, child),
            annotations=metadata.annotations(child),
            tags=metadata.tags(child, parent, self.environment),
            deadline=child.deadline or parent.defaults.deadline,
            quota=child.quota or self.environment.quota,
            needs=tuple(need for need in needs if need in self.inside),
            outside_needs=tuple(need for need in needs if need not in self.inside),
            egress=egress(self.catalog, self.environment, place.name, needs),
            ingress=self._ingress(address, place),
            parent=inside,
            code=self.catalog.code.get(child.name),
            imposed=imposed(self.catalog, self.environment, self.ruling, child, place),
            physical_names={each: home_name(self.environment, self.catalog.children[each]) for each in named},
        )

    def _ingress(self, address: Address, place: Place) -> tuple[Peer, ...]:
        child = self.catalog.children[address.child]
        callers = ingress(self.catalog, self.environment, address, self.callers)
        callers = (*callers, *callers_in_previews(self.catalog, self.environment, child))
        if place.cluster and child.ingress(self.environment.tier):
            return (*callers, Peer(place.cluster.ingress_namespace, child.open_ports[:1]))
        return callers
