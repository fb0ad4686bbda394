"""The namespace of a child, and the limits within it."""

from typing import Any

from appofapps.catalog.models.child import ChildFile
from appofapps.plan import conventions as c
from appofapps.plan.plan import PlannedChild
from components.kubernetes.metadata import FORCE, metadata

_POD_SECURITY = "pod-security.kubernetes.io/"


def namespace(planned: PlannedChild[ChildFile]) -> dict[str, Any]:
    """Return the child's namespace, under the pod security standard `restricted` unless it claims a port of its node.

    https://kubernetes.io/docs/concepts/security/pod-security-standards/: host ports are beyond `baseline`, too.
    """
    pods = planned.child.pods
    standard = "privileged" if pods and pods.host_ports else "restricted"
    levels = {"enforce": standard, "audit": "restricted", "warn": "restricted"}
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": planned.name,
            "labels": {**planned.labels, **{_POD_SECURITY + mode: level for mode, level in levels.items()}},
            "annotations": {**FORCE, **planned.annotations, **_retention(planned.child)},
        },
    }


def _retention(child: ChildFile) -> dict[str, str]:
    """Return what `aoa` reads before it removes the child; of `retain` the engine keeps a note itself."""
    return {c.DELETION_POLICY: child.deletion_policy} if child.deletion_policy == "snapshot" else {}


def quota(planned: PlannedChild[ChildFile]) -> dict[str, Any]:
    """Return the most the child's pods may request together."""
    most = planned.quota
    hard = {"requests.cpu": most.cpu, "requests.memory": most.memory, "pods": str(most.pods)}
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": metadata(planned), "spec": {"hard": hard}}


def limits(planned: PlannedChild[ChildFile]) -> dict[str, Any]:
    """Return what a container has that says nothing itself, such as one injected by a mesh."""
    defaults = {
        "type": "Container",
        "default": {"memory": "128Mi"},
        "defaultRequest": {"cpu": "50m", "memory": "64Mi"},
    }
    return {"apiVersion": "v1", "kind": "LimitRange", "metadata": metadata(planned), "spec": {"limits": [defaults]}}
