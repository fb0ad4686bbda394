"""What policies add to a child's namespace, each object under the name of its policy."""

from typing import Any

from appofapps.catalog.models.child import ChildFile
from appofapps.catalog.models.namespace_rules import Network, Traffic
from appofapps.plan.plan import Imposed, PlannedChild
from components.kubernetes.fields import given
from components.kubernetes.metadata import metadata
from components.kubernetes.selectors import expressions


def imposed_quota(planned: PlannedChild[ChildFile], by: Imposed) -> dict[str, Any]:
    """Return a quota beside the child's own: Kubernetes holds a namespace to all that are there."""
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": metadata(planned, by.name),
        "spec": {"hard": dict(by.hard)},
    }


def imposed_network(planned: PlannedChild[ChildFile], by: Imposed, network: Network) -> dict[str, Any]:
    """Return what is let through beside the child's own network policy: they add up."""
    ways = given(
        ingress=[{"from": [_end(each)], **_ports(each)} for each in network.allow_from],
        egress=[{"to": [_end(each)], **_ports(each)} for each in network.allow_to],
    )
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(planned, by.name),
        "spec": {"podSelector": {}, "policyTypes": [way.capitalize() for way in ways], **ways},
    }


def _end(traffic: Traffic) -> dict[str, Any]:
    if traffic.cidr:
        return {"ipBlock": {"cidr": traffic.cidr}}
    return {"namespaceSelector": {"matchExpressions": expressions(traffic.namespaces or {})}}


def _ports(traffic: Traffic) -> dict[str, Any]:
    return given(ports=[{"port": port, "protocol": traffic.protocol} for port in traffic.ports])
