"""`Tenancy`: the namespace of a child, its limits, its walls, and the rights of its team."""

from appofapps.catalog.models.child import ChildFile
from components.child import ChildComponent, Resources
from components.kubernetes.imposed import imposed_network, imposed_quota
from components.kubernetes.namespace import limits, namespace, quota
from components.kubernetes.network_policy import network_policy
from components.kubernetes.team import team_binding, team_role
from components.object import Object


class Tenancy(ChildComponent[ChildFile]):
    """What every child in a cluster is given, whatever its kind; it stays when the kind changes."""

    namespace: Object

    def build(self) -> Resources:
        """Make the namespace, then what is in it; return what must be there before pods are."""
        self.namespace = self.create_object("namespace", namespace(self.planned))
        inside = [self.namespace]
        bounds = [self.create_object("quota", quota(self.planned), inside), *self._quotas(inside)]
        return [*bounds, *self._guardrails(inside)] if self.planned.is_guarded else bounds

    def _quotas(self, inside: Resources) -> Resources:
        """Make those that policies add."""
        planned = self.planned
        return [
            self.create_object(f"quota-{each.identity}", imposed_quota(planned, each), inside)
            for each in planned.imposed
            if each.hard
        ]

    def _openings(self, inside: Resources) -> Resources:
        """Make what policies let through; in a namespace that is not closed, it would close the rest."""
        planned = self.planned
        return [
            self.create_object(f"network-policy-{each.identity}", imposed_network(planned, each, each.network), inside)
            for each in planned.imposed
            if each.network
        ]

    def _guardrails(self, inside: Resources) -> Resources:
        planned = self.planned
        role = self.create_object("team-role", team_role(planned), inside)
        self.create_object("team-binding", team_binding(planned), [role])
        return [
            self.create_object("limits", limits(planned), inside),
            self.create_object("network-policy", network_policy(planned), inside),
            *self._openings(inside),
        ]
