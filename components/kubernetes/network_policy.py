"""What traffic a child's namespace lets in and out: nothing but what is declared."""

from typing import Any

from appofapps.catalog.models.child import ChildFile, Egress
from appofapps.plan import conventions as c
from appofapps.plan.plan import Peer, PlannedChild
from components.kubernetes.fields import given
from components.kubernetes.metadata import metadata

_DNS = {
    "to": [{"namespaceSelector": {"matchLabels": {c.NAMESPACE: "kube-system"}}}],
    "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
}


def network_policy(planned: PlannedChild[ChildFile]) -> dict[str, Any]:
    """Return the policy over all pods of the child: closed but for DNS, needs, dependents and declared destinations."""
    # All pods of a namespace are the child's own.
    itself: list[dict[str, Any]] = [{"podSelector": {}}] if planned.child.talks_to_itself else []
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(planned),
        "spec": {
            "podSelector": {},
            "policyTypes": ["Ingress", "Egress"],
            **given(
                ingress=[
                    *({"from": [_namespace(peer)], "ports": _ports(peer)} for peer in planned.ingress),
                    *({"from": [pods]} for pods in itself),
                ]
            ),
            "egress": [
                _DNS,
                *({"to": [_namespace(peer)], "ports": _ports(peer)} for peer in planned.egress),
                *(_declared(egress) for egress in planned.child.egress),
                *({"to": [pods]} for pods in itself),
            ],
        },
    }


def _namespace(peer: Peer) -> dict[str, Any]:
    return {"namespaceSelector": {"matchLabels": dict(peer.labels) or {c.NAMESPACE: peer.namespace}}}


def _ports(peer: Peer) -> list[dict[str, Any]]:
    return [{"port": number, "protocol": protocol} for number, protocol in peer.ports]


def _declared(egress: Egress) -> dict[str, Any]:
    return {"to": [{"ipBlock": {"cidr": egress.cidr}}], "ports": [{"port": egress.port, "protocol": "TCP"}]}
