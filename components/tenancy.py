"""`Tenancy`: the namespace of a child, its limits, its walls, and the rights of its team."""

from pulumi_kubernetes.core.v1 import LimitRange, Namespace, ResourceQuota
from pulumi_kubernetes.networking.v1 import NetworkPolicy
from pulumi_kubernetes.rbac.v1 import Role, RoleBinding

from appofapps.catalog.models.child import ChildFile
from components.child import ChildComponent, Resources
from components.kubernetes.namespace import limits, namespace, quota
from components.kubernetes.network_policy import network_policy
from components.kubernetes.team import team_binding, team_role


class Tenancy(ChildComponent[ChildFile]):
    """What every child in a cluster is given, whatever its kind; it stays when the kind changes."""

    namespace: Namespace

    def build(self) -> Resources:
        """Make the namespace, then what is in it; return what must be there before pods are."""
        self.namespace = self.create(Namespace, "namespace", namespace(self.planned))
        inside = [self.namespace]
        bounds = [self.create(ResourceQuota, "quota", quota(self.planned), inside)]
        return [*bounds, *self._guardrails(inside)] if self.planned.is_guarded else bounds

    def _guardrails(self, inside: Resources) -> Resources:
        planned = self.planned
        role = self.create(Role, "team-role", team_role(planned), inside)
        self.create(RoleBinding, "team-binding", team_binding(planned), [role])
        return [
            self.create(LimitRange, "limits", limits(planned), inside),
            self.create(NetworkPolicy, "network-policy", network_policy(planned), inside),
        ]
