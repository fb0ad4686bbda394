"""Readiness of Kubernetes objects: what is missing, unseen or unfinished is not ready."""

from typing import Any

import pytest

from appofapps.observe.health import Condition
from appofapps.observe.readiness import health

ROLLED = {"observedGeneration": 2, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2}
DAEMONS = {
    "observedGeneration": 2, "desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberAvailable": 2,
}  # fmt: skip


def document(status: dict[str, Any], **spec: Any) -> dict[str, Any]:
    """Return an object of generation 2."""
    metadata = {"generation": 2, "labels": {"app.kubernetes.io/version": "1.0.0"}, "creationTimestamp": "2026-01-01"}
    return {"metadata": metadata, "spec": {"replicas": 2, **spec}, "status": status}


@pytest.mark.parametrize(
    ("kind", "status", "cause"),
    [
        ("Deployment", ROLLED, ""),
        ("Deployment", {}, "the controller has not seen it yet"),
        ("Deployment", {**ROLLED, "observedGeneration": 1}, "the controller has not seen the last change yet"),
        ("Deployment", {**ROLLED, "updatedReplicas": 1}, "1 of 2 pods updated"),
        ("Deployment", {**ROLLED, "replicas": 3}, "1 of the old pods not replaced yet"),
        ("Deployment", {**ROLLED, "availableReplicas": 0}, "0 of 2 pods available"),
        (
            "Deployment",
            {**ROLLED, "conditions": [{"type": "Progressing", "reason": "ProgressDeadlineExceeded", "message": "m"}]},
            "ProgressDeadlineExceeded: m",
        ),
        ("StatefulSet", {**ROLLED, "currentRevision": "a", "updateRevision": "a", "updatedReplicas": 0}, ""),
        (
            "StatefulSet",
            {**ROLLED, "currentRevision": "a", "updateRevision": "b", "updatedReplicas": 1},
            "1 of 2 pods updated",
        ),
        ("DaemonSet", DAEMONS, ""),
        ("DaemonSet", {**DAEMONS, "numberAvailable": 1}, "1 of 2 pods available"),
        ("Job", {"conditions": [{"type": "Complete", "status": "True"}]}, ""),
        ("Job", {}, "has not completed yet"),
        (
            "Job",
            {"conditions": [{"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded", "message": "m"}]},
            "BackoffLimitExceeded: m",
        ),
        ("CronJob", {}, ""),
        ("ValidatingAdmissionPolicy", {"observedGeneration": 2}, ""),
        ("ValidatingAdmissionPolicy", {}, "the API server has not looked at it yet"),
        (
            "ValidatingAdmissionPolicy",
            {"observedGeneration": 2, "typeChecking": {"expressionWarnings": [{"fieldRef": "f", "warning": "w"}]}},
            "f: w",
        ),
    ],
)
def test_an_object_is_ready_when_its_controller_is_through(kind: str, status: dict[str, Any], cause: str) -> None:
    """The rules of `kubectl rollout status`, for each kind."""
    seen = health(kind, document(status))
    assert (seen.cause, seen.ready, seen.version) == (cause, not cause, "1.0.0")


def test_a_suspended_cron_job_is_not_ready() -> None:
    """It will not run."""
    assert health("CronJob", document({}, suspend=True)).condition is Condition.NOT_READY
