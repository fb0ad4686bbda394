"""Labels, annotations and tags of a child."""

from collections.abc import Mapping

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.models.child import ChildFile
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.parent import EnvironmentFile, ParentFile
from appofapps.plan import conventions as c


def selector(name: str, child: Child) -> dict[str, str]:
    """Return the labels that pods are selected by; they follow the identity and never change."""
    return {c.NAME: child.identity, c.INSTANCE: name}


def labels(name: str, child: Child, parent: ParentFile, environment: EnvironmentFile) -> dict[str, str]:
    """Return the labels of everything a child has in a cluster.

    The version is not among them: a release would change every object of the child, not only those that run it.
    """
    return {
        **selector(name, child),
        c.PART_OF: parent.name,
        c.MANAGED_BY: c.MANAGER,
        c.CHILD: child.name,
        c.TEAM: child.owner.team,
        c.ENVIRONMENT: environment.name,
        c.COST_CENTRE: child.cost_centre or parent.defaults.cost_centre,
        **({c.TENANT: environment.tenant} if environment.tenant else {}),
        **({c.PREVIEW_OF: environment.preview_of} if environment.preview_of else {}),
    }


def parent(catalog: Catalog, child: Child) -> ParentFile:
    """Return the parent of a child: of several nested ones, the innermost."""
    return catalog.parents.get(catalog.nested_in.get(child.name, ""), catalog.parent)


def namespace_labels(child: ChildFile, labels: Mapping[str, str]) -> dict[str, str]:
    """Return the labels of a child's namespace: pods are held to `restricted`, unless they claim ports of their nodes.

    https://kubernetes.io/docs/concepts/security/pod-security-standards/: host ports are beyond `baseline`, too.
    """
    standard = "privileged" if child.pods and child.pods.host_ports else "restricted"
    levels = {"enforce": standard, "audit": "restricted", "warn": "restricted"}
    return {**labels, **{c.POD_SECURITY + mode: level for mode, level in levels.items()}}


def annotations(child: Child) -> dict[str, str]:
    """Return what people look for when a child is in trouble."""
    return {c.ONCALL: child.owner.oncall, c.RUNBOOK: child.owner.runbook}


def tags(child: Child, parent: ParentFile, environment: EnvironmentFile) -> dict[str, str]:
    """Return the tags of everything a child has in AWS."""
    return {
        "Name": child.name,
        c.TAG_PREFIX + "managed-by": c.MANAGER,
        c.TAG_PREFIX + "part-of": parent.name,
        c.TAG_PREFIX + "child": child.name,
        c.TAG_PREFIX + "team": child.owner.team,
        c.TAG_PREFIX + "environment": environment.name,
        c.TAG_PREFIX + "cost-centre": child.cost_centre or parent.defaults.cost_centre,
        **({c.TAG_PREFIX + "tenant": environment.tenant} if environment.tenant else {}),
        **({c.TAG_PREFIX + "preview-of": environment.preview_of} if environment.preview_of else {}),
    }
