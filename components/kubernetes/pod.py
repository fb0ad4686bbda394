"""The pod template of all kinds that run pods."""

from typing import Any, Final

from appofapps.catalog.models.job import CronJob, Job
from appofapps.catalog.models.pod import PodSpec, Volume
from appofapps.catalog.models.workload import Workload
from appofapps.plan import conventions as c
from appofapps.plan.plan import PlannedChild
from components.kubernetes.config import config_name, has_account
from components.kubernetes.containers import main_container, native_sidecar, side_container
from components.kubernetes.fields import given

SPREAD: Final = ("topology.kubernetes.io/zone", "kubernetes.io/hostname")


def pod_template(planned: PlannedChild[Workload | Job | CronJob], restart: str | None = None) -> dict[str, Any]:
    """Return the template of the child's pods; `restart` is the restart policy, where it is not the default.

    Owner and runbook stay out of it: a new runbook restarts nothing.
    """
    return {
        "metadata": {"labels": dict(planned.release_labels)},
        "spec": {**_pod_spec(planned), **given(restartPolicy=restart)},
    }


def _pod_spec(planned: PlannedChild[Workload | Job | CronJob]) -> dict[str, Any]:
    spec = planned.child.spec
    read_only = not spec.writable_root
    return given(
        serviceAccountName=planned.name if has_account(planned) else None,
        automountServiceAccountToken=False,
        terminationGracePeriodSeconds=spec.termination_grace,
        securityContext=_restrictions(spec),
        initContainers=[
            *(native_sidecar(box, read_only=read_only) for box in spec.sidecars),
            *(side_container(box, read_only=read_only) for box in spec.init_containers),
        ],
        containers=[main_container(planned, _variables_of(planned))],
        volumes=[_volume(volume, config_name(planned)) for volume in spec.volumes],
        **_own_nodes(planned),
        topologySpreadConstraints=_spread(planned),
    )


def _own_nodes(planned: PlannedChild[Workload | Job | CronJob]) -> dict[str, Any]:
    """Return what keeps the pods on the tenant's nodes, where it has some, and lets them onto those."""
    tenant = planned.environment.tenant
    if planned.environment.isolation != "nodes" or not tenant:
        return {}
    toleration = {"key": c.TENANT, "operator": "Equal", "value": tenant, "effect": "NoSchedule"}
    return {"nodeSelector": {c.TENANT: tenant}, "tolerations": [toleration]}


def _variables_of(planned: PlannedChild[Workload | Job | CronJob]) -> str | None:
    """Return the ConfigMap whose keys become variables: the child's, unless it is mounted as files."""
    spec = planned.child.spec
    mounted = any(volume.config for volume in spec.volumes)
    return config_name(planned) if spec.config and not mounted else None


def _restrictions(spec: PodSpec) -> dict[str, Any]:
    """Return what the pod security standard `restricted` asks of a pod.

    https://kubernetes.io/docs/concepts/security/pod-security-standards/
    """
    return {
        "runAsNonRoot": True,
        "runAsUser": spec.user_id,
        "fsGroup": spec.user_id,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def _volume(volume: Volume, config: str) -> dict[str, Any]:
    if volume.config:
        return {"name": volume.name, "configMap": {"name": config}}
    if volume.secret:
        return {"name": volume.name, "secret": {"secretName": volume.secret}}
    if volume.persistent_claim:
        return {"name": volume.name, "persistentVolumeClaim": {"claimName": volume.persistent_claim}}
    return {"name": volume.name, "emptyDir": {}}


def _spread(planned: PlannedChild[Workload | Job | CronJob]) -> list[dict[str, Any]]:
    """Return what keeps equal pods apart; a pod that is alone has nobody to keep apart from."""
    if planned.child.profiles[planned.environment.tier].most_replicas < 2:
        return []
    return [
        {
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": dict(planned.selector)},
        }
        for key in SPREAD
    ]
