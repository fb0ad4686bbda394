"""Istio: mutual TLS and circuit breakers.

https://istio.io/latest/docs/reference/config/security/peer_authentication/
https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection
"""

from typing import Any

from appofapps.catalog.models.mesh import ISTIO_NETWORKING, ISTIO_SECURITY, Mesh
from appofapps.plan.naming import service_host
from appofapps.plan.plan import Peer, PlannedChild
from components.kubernetes.metadata import metadata, release_metadata


def members(planned: PlannedChild[Mesh]) -> list[Peer]:
    """Return the children it names, by name."""
    named = (peer for peer in planned.egress if peer.child in planned.child.spec.children)
    return sorted(named, key=lambda peer: peer.child)


def own_mtls(planned: PlannedChild[Mesh]) -> dict[str, Any]:
    """Return the rule of the child's own namespace: it carries the version of the set."""
    return {
        "apiVersion": ISTIO_SECURITY,
        "kind": "PeerAuthentication",
        "metadata": release_metadata(planned),
        "spec": _mtls(planned),
    }


def mtls(planned: PlannedChild[Mesh], member: Peer) -> dict[str, Any]:
    """Return how a child's pods take connections."""
    return {
        "apiVersion": ISTIO_SECURITY,
        "kind": "PeerAuthentication",
        "metadata": _there(planned, member),
        "spec": _mtls(planned),
    }


def circuit_breaker(planned: PlannedChild[Mesh], member: Peer) -> dict[str, Any]:
    """Return when a pod of a child gets no requests for a while; TLS towards it follows what it accepts."""
    breaker = planned.child.spec.circuit_breaker
    outliers = {
        "consecutive5xxErrors": breaker.errors,
        "interval": f"{breaker.interval}s",
        "baseEjectionTime": f"{breaker.ejection}s",
        "maxEjectionPercent": breaker.most_percent,
    }
    return {
        "apiVersion": ISTIO_NETWORKING,
        "kind": "DestinationRule",
        "metadata": _there(planned, member),
        "spec": {"host": service_host(member.namespace), "trafficPolicy": {"outlierDetection": outliers}},
    }


def _mtls(planned: PlannedChild[Mesh]) -> dict[str, Any]:
    return {"mtls": {"mode": planned.child.spec.mtls}}


def _there(planned: PlannedChild[Mesh], member: Peer) -> dict[str, Any]:
    """Return metadata in a member's namespace: the mesh looks for its rules beside what they are about."""
    return {**metadata(planned), "namespace": member.namespace}
