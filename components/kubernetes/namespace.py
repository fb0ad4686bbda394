"""The namespace of a child, and the limits within it."""

from typing import Any

from appofapps.catalog.models.child import ChildFile
from appofapps.plan import conventions as c
from appofapps.plan.metadata import namespace_labels
from appofapps.plan.plan import PlannedChild
from components.kubernetes.metadata import FORCE, metadata


def namespace(planned: PlannedChild[ChildFile]) -> dict[str, Any]:
    """Return the child's namespace."""
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": planned.name,
            "labels": namespace_labels(planned.child, planned.labels),
            "annotations": {**FORCE, **planned.annotations, **_retention(planned.child)},
        },
    }


def _retention(child: ChildFile) -> dict[str, str]:
    """Return what `aoa` reads before it removes the child; of `retain` the engine keeps a note itself."""
    return {c.DELETION_POLICY: child.deletion_policy} if child.deletion_policy == "snapshot" else {}


def quota(planned: PlannedChild[ChildFile]) -> dict[str, Any]:
    """Return the most the child's pods may request together."""
    spec = {"hard": planned.quota.hard}
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": metadata(planned), "spec": spec}


def limits(planned: PlannedChild[ChildFile]) -> dict[str, Any]:
    """Return what a container requests that says nothing itself, such as one injected by a mesh.

    The quota counts requests. A default limit would come below the request of a container that states no limit, and
    then no pod is admitted: https://kubernetes.io/docs/concepts/policy/limit-range/#limitrange-and-admission-checks-for-pods
    """
    defaults = {"type": "Container", "defaultRequest": {"cpu": "50m", "memory": "64Mi"}}
    return {"apiVersion": "v1", "kind": "LimitRange", "metadata": metadata(planned), "spec": {"limits": [defaults]}}
