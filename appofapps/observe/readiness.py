"""Readiness of Kubernetes objects, from the object alone.

The rules are those of `kubectl rollout status`
(https://github.com/kubernetes/kubectl/blob/master/pkg/polymorphichelpers/rollout_status.go): the controller has seen
the last change, every replica is of the new revision and available, none of the old one is left.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from appofapps.observe.awaited import unmet
from appofapps.observe.health import Condition, Health
from appofapps.plan.conventions import VERSION

Document = Mapping[str, Any]


def health(kind: str, document: Document) -> Health:
    """Return how one object is; kinds without a rule are ready when what they say they wait for is there."""
    status = document.get("status", {})
    rule = RULES.get(kind)
    cause = _behind(document) or (rule(document.get("spec", {}), status) if rule else unmet(document))
    return Health(
        condition=Condition.NOT_READY if cause else Condition.READY,
        cause=cause,
        version=document["metadata"].get("labels", {}).get(VERSION, ""),
        since=_since(document),
        replicas=document.get("spec", {}).get("replicas"),
    )


def _behind(document: Document) -> str:
    observed = document.get("status", {}).get("observedGeneration")
    if observed is not None and observed < document["metadata"].get("generation", 0):
        return "the controller has not seen the last change yet"
    return ""


def _deployment(spec: Document, status: Document) -> str:
    progress = _condition(status, "Progressing")
    if progress.get("reason") == "ProgressDeadlineExceeded":
        return f"ProgressDeadlineExceeded: {progress.get('message', '')}"
    return _counts(spec, status, old=status.get("replicas", 0) - status.get("updatedReplicas", 0))


def _stateful_set(spec: Document, status: Document) -> str:
    rolled = status.get("currentRevision") == status.get("updateRevision")
    updated = spec.get("replicas", 1) if rolled else status.get("updatedReplicas", 0)
    return _counts(spec, {**status, "updatedReplicas": updated}, old=0)


def _counts(spec: Document, status: Document, old: int) -> str:
    if "observedGeneration" not in status:
        return "the controller has not seen it yet"
    wanted = spec.get("replicas", 1)
    if status.get("updatedReplicas", 0) < wanted:
        return f"{status.get('updatedReplicas', 0)} of {wanted} pods updated"
    if old > 0:
        return f"{old} of the old pods not replaced yet"
    return _available(status.get("availableReplicas", 0), wanted)


def _daemon_set(_spec: Document, status: Document) -> str:
    if "observedGeneration" not in status:
        return "the controller has not seen it yet"
    wanted = status.get("desiredNumberScheduled", 0)
    if status.get("updatedNumberScheduled", 0) < wanted:
        return f"{status.get('updatedNumberScheduled', 0)} of {wanted} pods updated"
    return _available(status.get("numberAvailable", 0), wanted)


def _available(count: int, wanted: int) -> str:
    return "" if count >= wanted else f"{count} of {wanted} pods available"


def _job(_spec: Document, status: Document) -> str:
    failed = _condition(status, "Failed")
    if failed.get("status") == "True":
        return f"{failed.get('reason', 'Failed')}: {failed.get('message', '')}"
    return "" if _condition(status, "Complete").get("status") == "True" else "has not completed yet"


def _cron_job(spec: Document, _status: Document) -> str:
    return "suspended" if spec.get("suspend") else ""


def _admission_policy(_spec: Document, status: Document) -> str:
    warnings = status.get("typeChecking", {}).get("expressionWarnings", ())
    if warnings:
        return f"{warnings[0]['fieldRef']}: {warnings[0]['warning']}"
    return "" if "observedGeneration" in status else "the API server has not looked at it yet"


RULES: Final[Mapping[str, Callable[[Document, Document], str]]] = {
    "Deployment": _deployment,
    "StatefulSet": _stateful_set,
    "DaemonSet": _daemon_set,
    "Job": _job,
    "CronJob": _cron_job,
    "ValidatingAdmissionPolicy": _admission_policy,
}
"""What is not ready about an object of a kind; an empty answer is ready."""


def _condition(status: Document, name: str) -> Document:
    found = (condition for condition in status.get("conditions", ()) if condition.get("type") == name)
    return next(found, {})


def _since(document: Document) -> str:
    status = document.get("status", {})
    changed = _condition(status, "Available").get("lastTransitionTime") or status.get("completionTime")
    return str(changed or document["metadata"].get("creationTimestamp", ""))
