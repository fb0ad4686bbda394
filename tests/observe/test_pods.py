"""Why pods are not ready, in the words of their containers, conditions and events."""

from typing import Any

import pytest

from appofapps.observe.pods import explain


def pod(*, ready: bool = False, phase: str = "Running", **status: Any) -> dict[str, Any]:
    """Return a pod."""
    conditions = [{"type": "Ready", "status": str(ready)}, *status.pop("conditions", ())]
    return {"status": {"phase": phase, "conditions": conditions, **status}}


def waiting(reason: str, message: str = "", **container: Any) -> dict[str, Any]:
    """Return the status of a container that waits."""
    return {"state": {"waiting": {"reason": reason, "message": message}}, **container}


def warning(reason: str, message: str, time: str = "2026-01-01T00:00:00Z") -> dict[str, Any]:
    """Return an event."""
    return {"type": "Warning", "reason": reason, "message": message, "lastTimestamp": time, "metadata": {}}


UNHEALTHY = warning("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503")
CRASHED = {"lastState": {"terminated": {"exitCode": 1}}}


@pytest.mark.parametrize(
    ("pods", "events", "cause"),
    [
        ([pod(containerStatuses=[waiting("ImagePullBackOff", "Back-off")])], [UNHEALTHY], "ImagePullBackOff: Back-off"),
        (
            [pod(containerStatuses=[waiting("CrashLoopBackOff", "back-off 5m", **CRASHED)])],
            [],
            "CrashLoopBackOff: back-off 5m (exit code 1)",
        ),
        ([pod(initContainerStatuses=[waiting("ErrImagePull")])], [], "ErrImagePull"),
        (
            [pod(containerStatuses=[{"state": {"terminated": {"exitCode": 3, "reason": "Error"}}}])],
            [],
            "Error (exit code 3)",
        ),
        (
            [pod(containerStatuses=[{"state": {"running": {}}}])],
            [UNHEALTHY],
            "pods never became ready: Readiness probe failed: HTTP probe failed with statuscode: 503",
        ),
        (
            [
                pod(
                    conditions=[
                        {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3"}
                    ]
                )
            ],
            [],
            "Unschedulable: 0/3",
        ),
        ([pod(containerStatuses=[waiting("ContainerCreating")])], [], "pods never became ready"),
        ([], [warning("FailedCreate", "exceeded quota")], "FailedCreate: exceeded quota"),
        ([], [warning("Old", "a", "2026-01-01"), warning("New", "b", "2026-01-02")], "New: b"),
        ([pod(ready=True), pod(phase="Succeeded")], [], ""),
    ],
)
def test_the_cause_is_the_most_telling_thing_said(pods: list[Any], events: list[Any], cause: str) -> None:
    """Containers first, then scheduling, then the last warning."""
    assert explain(pods, events) == cause
