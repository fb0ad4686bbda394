"""How many pods of a workload there are, and how few there may be."""

from typing import Any

from appofapps.catalog.models.workload import Autoscaling, Workload
from appofapps.plan.plan import PlannedChild
from components.kubernetes.metadata import metadata


def autoscaler(planned: PlannedChild[Workload], scale: Autoscaling) -> dict[str, Any]:
    """Return a horizontal pod autoscaler on CPU use."""
    target = {"type": "Utilization", "averageUtilization": scale.cpu_percent}
    controller = {"apiVersion": "apps/v1", "kind": planned.child.spec.controller, "name": planned.name}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": metadata(planned),
        "spec": {
            "scaleTargetRef": controller,
            "minReplicas": scale.minimum,
            "maxReplicas": scale.maximum,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
        },
    }


def disruption_budget(planned: PlannedChild[Workload]) -> dict[str, Any]:
    """Return the rule that a drain takes one pod at a time."""
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": metadata(planned),
        "spec": {"maxUnavailable": 1, "selector": {"matchLabels": dict(planned.selector)}},
    }
