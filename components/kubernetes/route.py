"""The Gateway API: a gateway, the routes from it, and the leave to reach other namespaces.

https://gateway-api.sigs.k8s.io/reference/spec/
"""

from typing import Any

from appofapps.catalog.models.route import GATEWAY_API, Retries, Route, Rule
from appofapps.plan.plan import Peer, PlannedChild
from components.kubernetes.fields import given
from components.kubernetes.gate import condition, gate
from components.kubernetes.metadata import metadata, release_metadata


def hosts(planned: PlannedChild[Route]) -> list[str]:
    """Return the hosts in the tier of the environment."""
    return list(planned.child.profiles[planned.environment.tier].hosts)


def backends(planned: PlannedChild[Route]) -> dict[str, Peer]:
    """Return where each backend is reached, by child."""
    names = {name for name, _ in planned.child.reaches}
    return {peer.child: peer for peer in planned.egress if peer.child in names}


def gateway(planned: PlannedChild[Route]) -> dict[str, Any]:
    """Return a gateway that listens for the child's hosts alone."""
    return {
        "apiVersion": GATEWAY_API,
        "kind": "Gateway",
        "metadata": metadata(planned, annotations=gate(condition("Programmed"))),
        "spec": {
            "gatewayClassName": planned.child.spec.gateway_class,
            "listeners": [_listener(planned, number, host) for number, host in enumerate(hosts(planned))],
        },
    }


def route(planned: PlannedChild[Route]) -> dict[str, Any]:
    """Return the route from the gateway to the backends; its gateway must have accepted this very version of it."""
    accepted = gate(condition("Accepted", ".status.parents[0]"), condition("ResolvedRefs", ".status.parents[0]"))
    reached = backends(planned)
    return {
        "apiVersion": GATEWAY_API,
        "kind": "HTTPRoute",
        "metadata": release_metadata(planned, annotations=accepted),
        "spec": {
            "parentRefs": [{"name": planned.name}],
            "hostnames": hosts(planned),
            "rules": [_rule(rule, reached) for rule in planned.child.spec.rules],
        },
    }


def grant(planned: PlannedChild[Route], backend: Peer) -> dict[str, Any]:
    """Return the leave, in a backend's namespace, for routes of the child's namespace to lead there."""
    source = {"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": planned.name}
    return {
        "apiVersion": "gateway.networking.k8s.io/v1beta1",
        "kind": "ReferenceGrant",
        "metadata": {**metadata(planned), "namespace": backend.namespace},
        "spec": {"from": [source], "to": [{"group": "", "kind": "Service", "name": backend.namespace}]},
    }


def _listener(planned: PlannedChild[Route], number: int, host: str) -> dict[str, Any]:
    secret = planned.child.spec.tls_secret
    return given(
        name=f"host-{number}",
        hostname=host,
        port=planned.child.port,
        protocol="HTTPS" if secret else "HTTP",
        tls={"mode": "Terminate", "certificateRefs": [{"name": secret}]} if secret else None,
        allowedRoutes={"namespaces": {"from": "Same"}},
    )


def _rule(rule: Rule, reached: dict[str, Peer]) -> dict[str, Any]:
    peers = [(reached[backend.child], backend.weight) for backend in rule.backends]
    return given(
        matches=[{"path": {"type": "PathPrefix", "value": rule.path}}],
        backendRefs=[
            {"name": peer.namespace, "namespace": peer.namespace, "port": peer.ports[0][0], "weight": weight}
            for peer, weight in peers
        ],
        timeouts={"request": f"{rule.timeout}s"} if rule.timeout else None,
        retry=_retry(rule.retries) if rule.retries else None,
    )


def _retry(retries: Retries) -> dict[str, Any]:
    backoff = f"{retries.backoff}s" if retries.backoff else None
    return given(attempts=retries.attempts, codes=list(retries.codes), backoff=backoff)
