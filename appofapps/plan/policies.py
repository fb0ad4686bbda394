"""Policies over namespaces: which of them choose the namespace of a child, and what they ask of it.

The namespaces a catalog makes are known before anything runs, with their labels. So every child's own namespace is
given what policies add to it, in the stack of the child: no stack waits for another, and a policy need not know whom
it concerns.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.namespace_rules import NamespaceRules
from appofapps.catalog.models.parent import EnvironmentFile
from appofapps.plan import conventions as c
from appofapps.plan import metadata
from appofapps.plan.naming import physical_name
from appofapps.plan.network import namespace
from appofapps.plan.patches import patched
from appofapps.plan.place import place_all
from appofapps.plan.plan import Imposed, Place
from appofapps.plan.select import matches


@dataclass(frozen=True, slots=True)
class Policy:
    """A set of rules over namespaces, and where it is."""

    child: Child
    name: str
    """Its physical name."""
    rules: NamespaceRules
    clusters: frozenset[str]

    def chooses(self, name: str, labels: dict[str, str], place: Place) -> bool:
        """Tell whether it concerns a namespace, as the API server would say of its rules of admission."""
        inside = place.name in self.clusters and name not in self.rules.excluded
        return inside and matches(self.rules.namespaces, labels)

    @property
    def imposed(self) -> Imposed:
        """What it asks of a namespace that it chooses."""
        rules, child = self.rules, self.child
        return Imposed(
            child.name, child.identity, self.name, rules.mode, rules.pod_security, rules.quota or {}, rules.network
        )


def policies(catalog: Catalog, environment: EnvironmentFile) -> tuple[Policy, ...]:
    """Return the policies over namespaces of an environment: of a tenant's, those of the one around it, too."""
    around = policies(*catalog.around) if catalog.around else ()
    return (*around, *_own(catalog, environment))


def imposed(
    catalog: Catalog, environment: EnvironmentFile, ruling: tuple[Policy, ...], child: Child, place: Place
) -> tuple[Imposed, ...]:
    """Return what policies ask of the namespace of a child in a place."""
    if not ruling or place.cluster is None:
        return ()
    name = physical_name(environment.name, child.identity)
    labels = metadata.labels(name, child, metadata.parent(catalog, child), environment)
    found = {**deployed_labels(child, labels), c.NAMESPACE: name}
    return tuple(each.imposed for each in ruling if each.chooses(name, found, place))


def deployed_labels(child: Child, labels: dict[str, str]) -> dict[str, str]:
    """Return the labels that a child's namespace will have, its own patches applied."""
    made = metadata.namespace_labels(child, labels)
    return labels_of(patched(child, "namespace", {"metadata": {"labels": made}}))


def labels_of(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the labels of a document, or of a patch, which may be of any shape."""
    metadata_ = document.get("metadata")
    found = metadata_.get("labels") if isinstance(metadata_, Mapping) else None
    return dict(found) if isinstance(found, Mapping) else {}


def _own(catalog: Catalog, environment: EnvironmentFile) -> Iterator[Policy]:
    found = {name: child.namespace_rules for name, child in sorted(catalog.children.items())}
    placed = place_all(catalog, environment) if any(found.values()) else {}
    for name, rules in found.items():
        if rules and name in placed:
            child = catalog.children[name]
            clusters = frozenset(place.name for place in placed[name])
            yield Policy(child, namespace(environment, child), rules, clusters)
