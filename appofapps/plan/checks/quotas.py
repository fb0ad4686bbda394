"""Quotas: a child fits its namespace, at its largest and while it is being replaced."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from appofapps.catalog.models.base import Tier
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.pod import PodSpec, Resources
from appofapps.catalog.models.quantity import parse_quantity
from appofapps.catalog.problems import Problem
from appofapps.plan.checks.survey import Survey


def requests_fit(survey: Survey) -> Iterator[Problem]:
    """Refuse a child whose pods, as many as it may have, request more than the quota of its namespace."""
    for child in survey.children:
        told = set[tuple[Tier, str]]()
        for environment in survey.environments(child):
            tier, quota = environment.tier, child.quota or environment.quota
            sizes = survey.sizes(child, environment)
            for what, how in (each for sized in sizes for each in excess(sized, tier, quota.hard)):
                if (tier, what) not in told:
                    told.add((tier, what))
                    hint = f"ask for less, or raise the quota of {child.name!r} or of environment {environment.name!r}"
                    yield survey.problem(child, ("profiles", tier), f"profiles.{tier}: {how}", hint)


def excess(child: Child, tier: Tier, hard: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what of a child's pods exceeds a quota, and how; of what else a quota may count the catalog knows nothing.

    `hard` has the quota as Kubernetes writes it.
    """
    if child.pods is None or not child.has_profile(tier):
        return
    pods, main = child.most_pods(tier), child.pod_size(tier) or Resources()
    if "pods" in hard and pods > parse_quantity(hard["pods"]):
        yield "pods", f"{pods} pods are over the quota of {hard['pods']}"
    for what in ("cpu", "memory"):
        each, limit = pod_request(child.pods, main, what), hard.get(f"requests.{what}")
        if limit is not None and pods * each > parse_quantity(limit):
            yield what, f"{pods} x {written(what, each)} {what} is over the quota of {limit}"


def pod_request(pods: PodSpec, main: Resources, what: str) -> Decimal:
    """Return what a pod requests: its sidecars, and beside them the main or the largest init container.

    Sidecars start first and run along with both, as Kubernetes counts it:
    https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
    """
    beside = sum((_asked(box.resources, what) for box in pods.sidecars), Decimal(0))
    return beside + max(_asked(main, what), *(_asked(box.resources, what) for box in pods.init_containers), Decimal(0))


def _asked(resources: Resources, what: str) -> Decimal:
    return parse_quantity(getattr(resources, what))


def written(what: str, amount: Decimal) -> str:
    """Return an amount as people write it."""
    return f"{int(amount * 1000)}m" if what == "cpu" else f"{int(amount) // 2**20}Mi"
