"""Containers: the main one, sidecars and init containers, all under the same restrictions."""

from collections.abc import Sequence
from typing import Any

from appofapps.catalog.models.job import CronJob, Job
from appofapps.catalog.models.pod import Container, Mount, PodSpec, Port, Probe, Resources
from appofapps.catalog.models.workload import Workload, WorkloadSpec
from appofapps.plan.plan import PlannedChild
from components.kubernetes.fields import given
from components.kubernetes.secrets import variable

Json = dict[str, Any]


def main_container(planned: PlannedChild[Workload | Job | CronJob], config: str | None) -> Json:
    """Return the container that carries the child's name; `config` is a ConfigMap whose keys become variables."""
    child = planned.child
    spec, size = child.spec, child.pod_size(planned.environment.tier)
    served = spec if isinstance(spec, WorkloadSpec) else None
    secrets = (variable(planned.name, secret) for secret in child.secrets)
    return {
        **_container(child.identity, spec, served.ports if served else (), size, read_only=not spec.writable_root),
        **given(
            env=[*_environment(child.variables(planned.environment.tier)), *secrets],
            envFrom=[{"configMapRef": {"name": config}}] if config else None,
        ),
        **(_probes(served) if served else {}),
    }


def side_container(box: Container, *, read_only: bool) -> Json:
    """Return a container that runs beside the main one, or before it."""
    return {
        **_container(box.name, box, box.ports, box.resources, read_only=read_only),
        **given(env=_environment(box.environment)),
        **_probes(box),
    }


def native_sidecar(box: Container, *, read_only: bool) -> Json:
    """Return a sidecar as an init container that goes on running: it is up before the main one and ends after it.

    https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
    """
    return {**side_container(box, read_only=read_only), "restartPolicy": "Always"}


def _container(
    name: str, box: Container | PodSpec, ports: Sequence[Port], resources: Resources, *, read_only: bool
) -> Json:
    return given(
        name=name,
        image=box.image,
        command=list(box.command),
        args=list(box.args),
        ports=[_port(port) for port in ports],
        resources=_resources(resources),
        volumeMounts=[_mount(mount) for mount in box.mounts],
        securityContext=_restrictions(read_only=read_only),
    )


def _environment(variables: dict[str, str]) -> list[Json]:
    return [{"name": name, "value": value} for name, value in variables.items()]


def _port(port: Port) -> Json:
    return given(name=port.name, containerPort=port.port, protocol=port.protocol, hostPort=port.host_port)


def _mount(mount: Mount) -> Json:
    read_only = mount.read_only or None  # false is what the API server leaves out
    return given(name=mount.volume, mountPath=mount.path, readOnly=read_only, subPath=mount.sub_path)


def _resources(size: Resources) -> Json:
    limits = given(cpu=size.cpu_limit, memory=size.memory_limit or size.memory)
    return {"requests": {"cpu": size.cpu, "memory": size.memory}, "limits": limits}


def _restrictions(*, read_only: bool) -> Json:
    """Return what the pod security standard `restricted` asks of a container, and a read-only root file system."""
    return {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": read_only,
    }


def _probes(box: Container | WorkloadSpec) -> Json:
    probes = {"readinessProbe": box.readiness, "livenessProbe": box.liveness, "startupProbe": box.startup}
    return {key: _probe(probe, box.ports) for key, probe in probes.items() if probe}


def _probe(probe: Probe, ports: Sequence[Port]) -> Json:
    return {
        **_action(probe, ports),
        **given(initialDelaySeconds=probe.initial_delay or None),
        "periodSeconds": probe.period,
        "timeoutSeconds": probe.timeout,
        "failureThreshold": probe.failures,
    }


def _action(probe: Probe, ports: Sequence[Port]) -> Json:
    if probe.command:
        return {"exec": {"command": list(probe.command)}}
    port = probe.port if probe.port is not None else ports[0].port
    return {"httpGet": {"path": probe.http, "port": port}} if probe.http else {"tcpSocket": {"port": port}}
