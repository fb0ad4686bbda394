"""Why pods are not ready: the causes in their container statuses, conditions and events."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from appofapps.observe.api import Get

Document = Mapping[str, Any]

STARTING: Final = frozenset({"ContainerCreating", "PodInitializing"})
"""Reasons of waiting that are no trouble."""


def cause(get: Get, namespace: str) -> str:
    """Return why the pods of a namespace are not ready; empty when nothing says."""
    pods = get(f"/api/v1/namespaces/{namespace}/pods")["items"]
    events = get(f"/api/v1/namespaces/{namespace}/events")["items"]
    return explain(pods, events)


def explain(pods: Iterable[Document], events: Iterable[Document]) -> str:
    """Return the first cause found: containers first, then scheduling, then the last warning."""
    troubled = [pod for pod in pods if not _is_fine(pod)]
    for look in (_container, _scheduling):
        for pod in troubled:
            if found := look(pod):
                return found
    warning = _last_warning(events)
    if warning.startswith("Unhealthy: "):
        return f"pods never became ready: {warning.removeprefix('Unhealthy: ')}"
    return warning or ("pods never became ready" if troubled else "")


def _is_fine(pod: Document) -> bool:
    status = pod.get("status", {})
    if status.get("phase") == "Succeeded":
        return True
    return any(c["type"] == "Ready" and c["status"] == "True" for c in status.get("conditions", ()))


def _container(pod: Document) -> str:
    status = pod.get("status", {})
    for container in (*status.get("initContainerStatuses", ()), *status.get("containerStatuses", ())):
        waiting = container.get("state", {}).get("waiting") or {}
        if waiting.get("reason") and waiting["reason"] not in STARTING:
            return _sentence(waiting) + _last_exit(container)
        ended = container.get("state", {}).get("terminated") or {}
        if ended.get("exitCode"):
            return f"{_sentence(ended)} (exit code {ended['exitCode']})"
    return ""


def _last_exit(container: Document) -> str:
    ended = container.get("lastState", {}).get("terminated") or {}
    return f" (exit code {ended['exitCode']})" if ended.get("exitCode") else ""


def _scheduling(pod: Document) -> str:
    conditions = pod.get("status", {}).get("conditions", ())
    found = (c for c in conditions if c["type"] == "PodScheduled" and c["status"] == "False")
    return _sentence(next(found, {}))


def _last_warning(events: Iterable[Document]) -> str:
    warnings = sorted((event for event in events if event.get("type") == "Warning"), key=_time)
    return _sentence(warnings[-1]) if warnings else ""


def _time(event: Document) -> str:
    return str(event.get("lastTimestamp") or event.get("eventTime") or event["metadata"].get("creationTimestamp", ""))


def _sentence(said: Document) -> str:
    return ": ".join(part for part in (said.get("reason"), said.get("message")) if part)
