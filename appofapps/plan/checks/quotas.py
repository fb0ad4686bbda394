"""Quotas: a child fits its namespace, at its largest and while it is being replaced."""

from collections.abc import Iterator
from decimal import Decimal

from appofapps.catalog.models.base import Tier
from appofapps.catalog.models.child import Quota
from appofapps.catalog.models.function import Function
from appofapps.catalog.models.job import CronJob, Job
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.pod import Resources
from appofapps.catalog.models.quantity import parse_quantity
from appofapps.catalog.models.workload import Workload
from appofapps.catalog.problems import Problem
from appofapps.plan.checks.survey import Survey


def requests_fit(survey: Survey) -> Iterator[Problem]:
    """Refuse a child whose pods, as many as it may have, request more than the quota of its namespace."""
    for child in survey.children:
        told = set[tuple[Tier, str]]()
        for environment in survey.environments(child):
            tier, quota = environment.tier, child.quota or environment.quota
            for what, excess in _excess(child, tier, quota):
                if (tier, what) not in told:
                    told.add((tier, what))
                    hint = f"ask for less, or raise the quota of {child.name!r} or of environment {environment.name!r}"
                    yield survey.problem(child, ("profiles", tier), f"profiles.{tier}: {excess}", hint)


def _excess(child: Child, tier: Tier, quota: Quota) -> Iterator[tuple[str, str]]:
    """Yield what exceeds a quota, and how."""
    if isinstance(child, Function) or tier not in child.profiles:
        return
    pods = most_pods(child, tier)
    if pods > quota.pods:
        yield "pods", f"{pods} pods are over the quota of {quota.pods}"
    for what in ("cpu", "memory"):
        each, limit = pod_request(child, child.profiles[tier].resources, what), getattr(quota, what)
        if pods * each > parse_quantity(limit):
            yield what, f"{pods} x {_written(what, each)} {what} is over the quota of {limit}"


def most_pods(child: Workload | Job | CronJob, tier: Tier) -> int:
    """Return the most pods at once: replicas or the autoscaler's maximum, one more while a Deployment is replaced.

    A DaemonSet counts once: how many nodes there are is the cluster's to know.
    """
    if not isinstance(child, Workload):
        overlapping = isinstance(child, CronJob) and child.spec.overlap == "Allow"
        return child.profiles[tier].parallelism * (2 if overlapping else 1)
    most = child.profiles[tier].most_replicas
    return {"Deployment": most + bool(most), "StatefulSet": most, "DaemonSet": 1}[child.spec.controller]


def pod_request(child: Workload | Job | CronJob, main: Resources, what: str) -> Decimal:
    """Return what a pod requests: all containers together, or its largest init container if that is more.

    As Kubernetes counts it:
    https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers
    """
    together = sum((_asked(box.resources, what) for box in child.spec.sidecars), _asked(main, what))
    return max(together, *(_asked(box.resources, what) for box in child.spec.init_containers), Decimal(0))


def _asked(resources: Resources, what: str) -> Decimal:
    return parse_quantity(getattr(resources, what))


def _written(what: str, amount: Decimal) -> str:
    """Return an amount as people write it."""
    return f"{int(amount * 1000)}m" if what == "cpu" else f"{int(amount) // 2**20}Mi"
