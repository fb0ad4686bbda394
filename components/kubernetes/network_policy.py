"""What traffic a child's namespace lets in and out: nothing but what is declared."""

from collections.abc import Iterable
from typing import Any

from appofapps.catalog.models.child import ChildFile, Egress
from appofapps.catalog.models.workload import Workload
from appofapps.plan.plan import Peer, PlannedChild
from components.kubernetes.fields import given
from components.kubernetes.metadata import metadata

_DNS = {
    "to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}],
    "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
}


def network_policy(planned: PlannedChild[ChildFile]) -> dict[str, Any]:
    """Return the policy over all pods of the child: closed but for DNS, needs, dependents and declared destinations."""
    itself = _itself(planned)
    return {
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


def _itself(planned: PlannedChild[ChildFile]) -> Iterable[dict[str, Any]]:
    """Return the pods of the child itself, where they form a cluster: a StatefulSet's replicas talk to one another."""
    child = planned.child
    forms_cluster = isinstance(child, Workload) and child.spec.controller == "StatefulSet"
    return [{"podSelector": {"matchLabels": dict(planned.selector)}}] if forms_cluster else []


def _namespace(peer: Peer) -> dict[str, Any]:
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": peer.namespace}}}


def _ports(peer: Peer) -> list[dict[str, Any]]:
    return [{"port": number, "protocol": protocol} for number, protocol in peer.ports]


def _declared(egress: Egress) -> dict[str, Any]:
    return {"to": [{"ipBlock": {"cidr": egress.cidr}}], "ports": [{"port": egress.port, "protocol": "TCP"}]}
