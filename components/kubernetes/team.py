"""What the owning team may do by hand: look, read logs, open a port, restart a pod. No secrets, no changes."""

from typing import Any, Final

from appofapps.catalog.models.child import ChildFile
from appofapps.plan.plan import PlannedChild
from components.kubernetes.metadata import metadata

NAME = "team"
_READ: Final = ["get", "list", "watch"]
_READABLE: Final = {
    "": [
        "configmaps", "endpoints", "events", "limitranges", "persistentvolumeclaims", "pods", "pods/log",
        "resourcequotas", "serviceaccounts", "services",
    ],
    "apps": ["controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"],
    "autoscaling": ["horizontalpodautoscalers"],
    "batch": ["cronjobs", "jobs"],
    "networking.k8s.io": ["ingresses", "networkpolicies"],
    "policy": ["poddisruptionbudgets"],
}  # fmt: skip


def team_role(planned: PlannedChild[ChildFile]) -> dict[str, Any]:
    """Return the rights of the owning team in the child's namespace."""
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": metadata(planned, NAME),
        "rules": [
            *({"apiGroups": [group], "resources": kinds, "verbs": _READ} for group, kinds in _READABLE.items()),
            {"apiGroups": [""], "resources": ["pods/portforward"], "verbs": ["create"]},
            {"apiGroups": [""], "resources": ["pods"], "verbs": ["delete"]},
        ],
    }


def team_binding(planned: PlannedChild[ChildFile]) -> dict[str, Any]:
    """Return the grant of these rights to the group `team:<team>`, and to the administrators of a tenant."""
    groups = [f"team:{planned.child.owner.team}", planned.environment.admin_group]
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": metadata(planned, NAME),
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": NAME},
        "subjects": [
            {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": group} for group in groups if group
        ],
    }
