"""Failover: what moves when one cluster stands in for another."""

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.models.parent import EnvironmentFile
from appofapps.plan.place import declared_places


def without_replica(catalog: Catalog, environment: EnvironmentFile, source: str, to: str) -> tuple[str, ...]:
    """Return the children that keep data in one cluster and have no replica declared ready in the other, by name."""
    placed = declared_places(catalog, environment)
    there = (catalog.children[name] for name, places in placed.items() if any(each.name == source for each in places))
    return tuple(sorted(child.name for child in there if child.keeps_data and to not in child.data_replicas))
