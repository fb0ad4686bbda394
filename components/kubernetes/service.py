"""How a workload is reached."""

from typing import Any

from appofapps.catalog.models.workload import Workload
from appofapps.plan.naming import service_host
from appofapps.plan.plan import PlannedChild
from components.kubernetes.fields import given
from components.kubernetes.metadata import SKIP_AWAIT, metadata


def host(planned: PlannedChild[Workload]) -> str:
    """Return the name by which other children reach this one within the cluster."""
    return service_host(planned.name)


def service(planned: PlannedChild[Workload]) -> dict[str, Any]:
    """Return a Service within the cluster; a StatefulSet's is headless, so that each replica has a name of its own."""
    stateful = planned.child.spec.controller == "StatefulSet"
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(planned, annotations=SKIP_AWAIT),
        "spec": given(
            type="ClusterIP",
            clusterIP="None" if stateful else None,
            selector=dict(planned.selector),
            ports=[
                {"name": port.name, "port": port.port, "targetPort": port.port, "protocol": port.protocol}
                for port in planned.child.spec.ports
            ],
        ),
    }


def ingress(planned: PlannedChild[Workload]) -> dict[str, Any]:
    """Return the way from outside to the first port."""
    entry = planned.child.ingress(planned.environment.tier)
    assert entry
    port = planned.child.spec.ports[0].port
    backend = {"service": {"name": planned.name, "port": {"number": port}}}
    path = {"path": entry.path, "pathType": "Prefix", "backend": backend}
    tls = [{"hosts": [entry.host], "secretName": entry.tls_secret}] if entry.tls_secret else None
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": metadata(planned, annotations=SKIP_AWAIT),
        "spec": given(rules=[{"host": entry.host, "http": {"paths": [path]}}], tls=tls),
    }


def url(planned: PlannedChild[Workload]) -> str | None:
    """Return the address from outside, where there is one."""
    entry = planned.child.ingress(planned.environment.tier)
    return f"{'https' if entry.tls_secret else 'http'}://{entry.host}{entry.path}" if entry else None
