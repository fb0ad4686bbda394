"""Selection: which clusters and children a selector means."""

from appofapps.catalog.models.base import Selector
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.parent import ClusterFile


def matches(selector: Selector, labels: dict[str, str]) -> bool:
    """Tell whether labels satisfy every line of a selector."""
    return all(
        labels.get(key) == wanted if isinstance(wanted, str) else labels.get(key) in wanted
        for key, wanted in selector.items()
    )


def cluster_labels(cluster: ClusterFile) -> dict[str, str]:
    """Return what selectors can match a cluster by."""
    return {**cluster.labels, "name": cluster.name, "region": cluster.region}


def child_labels(child: Child) -> dict[str, str]:
    """Return what a stack's `select` can match a child by."""
    return {**child.labels, "name": child.name, "kind": child.kind, "team": child.owner.team}
