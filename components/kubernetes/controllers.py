"""The controllers of a workload's pods: Deployment, StatefulSet, DaemonSet."""

from typing import Any

from appofapps.catalog.models.workload import Claim, Workload, WorkloadProfile
from appofapps.plan.plan import PlannedChild
from components.kubernetes.fields import given
from components.kubernetes.metadata import release_metadata
from components.kubernetes.objects import awaited_replicas
from components.kubernetes.pod import pod_template

REVISIONS = 5


def profile(planned: PlannedChild[Workload]) -> WorkloadProfile:
    """Return the size of a workload in the tier of its environment."""
    return planned.child.profiles[planned.environment.tier]


def deployment(planned: PlannedChild[Workload]) -> dict[str, Any]:
    """Return a Deployment that surges instead of shrinking, and gives up at the child's deadline."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": release_metadata(planned),
        "spec": {
            **_common(planned),
            **_replicas(planned),
            "progressDeadlineSeconds": planned.deadline,
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}},
        },
    }


def stateful_set(planned: PlannedChild[Workload]) -> dict[str, Any]:
    """Return a StatefulSet with a volume of its own for each claim and replica."""
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": release_metadata(planned, annotations=_awaited_status(planned)),
        "spec": {
            **_common(planned),
            **_replicas(planned),
            "serviceName": planned.name,
            # Updates go one at a time all the same. `OrderedReady`, the default, never replaces a pod that a bad
            # version left broken: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
            "podManagementPolicy": "Parallel",
            **given(volumeClaimTemplates=[_claim(planned, claim) for claim in planned.child.spec.claims]),
        },
    }


def daemon_set(planned: PlannedChild[Workload]) -> dict[str, Any]:
    """Return a DaemonSet: one pod a node."""
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": release_metadata(planned),
        "spec": _common(planned),
    }


def _common(planned: PlannedChild[Workload]) -> dict[str, Any]:
    return {
        "revisionHistoryLimit": REVISIONS,
        "selector": {"matchLabels": dict(planned.selector)},
        "template": pod_template(planned),
    }


def _replicas(planned: PlannedChild[Workload]) -> dict[str, int]:
    """Return the number of pods; under an autoscaler that of the first deployment (`Workload` leaves it alone then).

    It is never left out: the API server would take that for 1 and stop the other pods.
    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling
    """
    return {"replicas": profile(planned).least_replicas}


def _awaited_status(planned: PlannedChild[Workload]) -> dict[str, str]:
    """Return what the engine waits for; left to the provider where the number of replicas is not ours."""
    size = profile(planned)
    return {} if size.autoscaling else awaited_replicas(size.replicas)


def _claim(planned: PlannedChild[Workload], claim: Claim) -> dict[str, Any]:
    return {
        # A StatefulSet cannot change its claims: only labels that never change belong here.
        "metadata": {"name": claim.name, "labels": dict(planned.selector)},
        "spec": given(
            accessModes=["ReadWriteOnce"],
            resources={"requests": {"storage": claim.size}},
            storageClassName=claim.storage_class,
        ),
    }
