"""The configuration of an OpenTelemetry collector, and the names by which it finds every pod it scrapes.

https://opentelemetry.io/docs/collector/configuration/
"""

from dataclasses import replace
from typing import Any, Final

import yaml

from appofapps.catalog.models.observability import HEALTH_PORT, Observability
from appofapps.catalog.models.pod import Mount, Volume
from appofapps.plan import conventions as c
from appofapps.plan.naming import service_host
from appofapps.plan.plan import Peer, PlannedChild
from components.kubernetes.metadata import SKIP_AWAIT, metadata

_FILE: Final = "collector.yaml"
_FOLDER: Final = "/etc/collector"


def scraped(planned: PlannedChild[Observability]) -> list[Peer]:
    """Return what it scrapes, by name."""
    return sorted((peer for peer in planned.egress if peer.child in planned.child.spec.scrape), key=lambda p: p.child)


def configured(planned: PlannedChild[Observability]) -> PlannedChild[Observability]:
    """Return the child with its configuration as files: a change of it rolls the pods, as of any workload."""
    generated = {
        "args": (f"--config={_FOLDER}/{_FILE}",),
        "config": {_FILE: yaml.safe_dump(configuration(planned), sort_keys=False)},
        "volumes": (Volume(name="configuration", config=True),),
        "mounts": (Mount(volume="configuration", path=_FOLDER, read_only=True),),
    }
    spec = planned.child.spec.model_copy(update=generated)
    return replace(planned, child=planned.child.model_copy(update={"spec": spec}))


def configuration(planned: PlannedChild[Observability]) -> dict[str, Any]:
    """Return what the collector takes in, and where that goes; it drops data before it runs out of memory."""
    receivers = ["otlp", "prometheus"] if scraped(planned) else ["otlp"]
    steps = {"processors": ["memory_limiter", "batch"], "exporters": ["otlphttp"]}
    return {
        "extensions": {"health_check": {"endpoint": f"0.0.0.0:{HEALTH_PORT}"}},
        "receivers": {each: _RECEIVERS[each](planned) for each in receivers},
        "processors": {
            "memory_limiter": {"check_interval": "1s", "limit_percentage": 80, "spike_limit_percentage": 25},
            "batch": {},
        },
        "exporters": {"otlphttp": {"endpoint": planned.child.spec.export_to}},
        "service": {
            "extensions": ["health_check"],
            "pipelines": {
                "metrics": {"receivers": receivers, **steps},
                "traces": {"receivers": ["otlp"], **steps},
                "logs": {"receivers": ["otlp"], **steps},
            },
        },
    }


def pod_names(planned: PlannedChild[Observability], target: Peer) -> dict[str, Any]:
    """Return a headless Service beside a scraped child: its name resolves to every pod, where the child's own is one.

    So each pod is scraped, and the collector needs no right to ask the API server.
    """
    port, protocol = target.ports[0]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {**metadata(planned, annotations=SKIP_AWAIT), "namespace": target.namespace},
        "spec": {
            "type": "ClusterIP",
            "clusterIP": "None",
            "selector": {c.CHILD: target.child},
            "ports": [{"name": "metrics", "port": port, "targetPort": port, "protocol": protocol}],
        },
    }


def _otlp(_planned: PlannedChild[Observability]) -> dict[str, Any]:
    return {"protocols": {"grpc": {"endpoint": "0.0.0.0:4317"}, "http": {"endpoint": "0.0.0.0:4318"}}}


def _prometheus(planned: PlannedChild[Observability]) -> dict[str, Any]:
    return {"config": {"scrape_configs": [_scrape(planned, target) for target in scraped(planned)]}}


def _scrape(planned: PlannedChild[Observability], target: Peer) -> dict[str, Any]:
    spec = planned.child.spec
    names = [service_host(planned.name, target.namespace)]
    labels = {"child": target.child, "environment": planned.environment.name}
    return {
        "job_name": target.child,
        "metrics_path": spec.scrape_path,
        "scrape_interval": f"{spec.scrape_interval}s",
        "dns_sd_configs": [{"names": names, "type": "A", "port": target.ports[0][0]}],
        "relabel_configs": [{"target_label": name, "replacement": value} for name, value in labels.items()],
    }


_RECEIVERS: Final = {"otlp": _otlp, "prometheus": _prometheus}
