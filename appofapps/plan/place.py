"""Placement: every child of an environment in every place it belongs."""

from collections.abc import Iterable, Mapping

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.models.base import Selector
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.parent import ClusterFile, EnvironmentFile, StackTarget
from appofapps.plan.plan import Address, Place
from appofapps.plan.select import child_labels, cluster_labels, matches

Placed = Mapping[str, tuple[Place, ...]]
"""The places of each child of an environment, by name of the child."""


def environment_clusters(catalog: Catalog, environment: EnvironmentFile) -> tuple[ClusterFile, ...]:
    """Return the clusters of an environment, by name."""
    return select_clusters((catalog.clusters[name] for name in sorted(catalog.clusters)), environment.clusters)


def select_clusters(clusters: Iterable[ClusterFile], selector: Selector) -> tuple[ClusterFile, ...]:
    """Return those clusters that a selector matches."""
    return tuple(cluster for cluster in clusters if matches(selector, cluster_labels(cluster)))


def is_targeted(child: Child, environment: str) -> bool:
    """Tell whether a child belongs to an environment at all."""
    return not child.per_tenant and (not child.target.environments or environment in child.target.environments)


def place_all(catalog: Catalog, environment: EnvironmentFile) -> Placed:
    """Return where every child of an environment runs; children that belong elsewhere are left out.

    A cluster that is failed over is stood in for by another, and one that is forgotten has no children.
    """
    declared = declared_places(catalog, environment)
    if not environment.failover and not any(cluster.forgotten for cluster in catalog.clusters.values()):
        return declared
    stand_ins = {failover.source: failover.to for failover in environment.failover}
    return {name: _now(catalog, stand_ins, places) for name, places in declared.items()}


def _now(catalog: Catalog, stand_ins: Mapping[str, str], declared: tuple[Place, ...]) -> tuple[Place, ...]:
    found: dict[str, Place] = {}
    for place in declared:
        cluster = catalog.clusters.get(stand_ins.get(place.name, place.name)) if place.cluster else None
        if cluster is None:
            found[place.name] = place
        elif not cluster.forgotten:
            found[cluster.name] = Place(cluster.name, cluster.region, cluster)
    return tuple(found[name] for name in sorted(found))


def declared_places(catalog: Catalog, environment: EnvironmentFile) -> Placed:
    """Return where the selectors place every child of an environment, whatever has become of the clusters."""
    clusters = environment_clusters(catalog, environment)
    return {
        child.name: places(child, clusters)
        for child in catalog.children.values()
        if is_targeted(child, environment.name)
    }


def places(child: Child, clusters: tuple[ClusterFile, ...]) -> tuple[Place, ...]:
    """Return the clusters a child runs in; for a child that runs in a region, those of the clusters."""
    chosen = select_clusters(clusters, child.target.clusters)
    if child.RUNS_IN == "region":
        return tuple(Place(region, region) for region in sorted({cluster.region for cluster in chosen}))
    return tuple(Place(cluster.name, cluster.region, cluster) for cluster in chosen)


def selected(catalog: Catalog, target: StackTarget, placed: Placed) -> dict[Address, Place]:
    """Return the places a stack takes of its environment: its clusters, their regions, and its children."""
    clusters = select_clusters(catalog.clusters.values(), target.clusters)
    names = {cluster.name for cluster in clusters} | {cluster.region for cluster in clusters}
    return {
        Address(name, place.name): place
        for name, places in placed.items()
        if matches(target.select, child_labels(catalog.children[name]))
        for place in places
        if place.name in names
    }


def needed_by_all(catalog: Catalog, placed: Placed) -> Mapping[Address, tuple[Address, ...]]:
    """Return what each child of an environment waits for, by address."""
    return {
        Address(name, place.name): needed_addresses(catalog.children[name], place, placed)
        for name, places in placed.items()
        for place in places
    }


def needed_addresses(child: Child, place: Place, placed: Placed) -> tuple[Address, ...]:
    """Return what a child in a place waits for: each need in the same place, else everywhere it is.

    A function and a cluster are in the same place when they share the region.
    """
    return tuple(Address(need, there.name) for need in child.needs for there in _nearest(place, placed.get(need, ())))


def _nearest(place: Place, candidates: tuple[Place, ...]) -> tuple[Place, ...]:
    here = tuple(other for other in candidates if _same_place(place, other))
    return here or candidates


def _same_place(one: Place, other: Place) -> bool:
    if one.cluster is not None and other.cluster is not None:
        return one.name == other.name
    return one.region == other.region
