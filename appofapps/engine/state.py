"""An exported state, read and repaired as plain JSON."""

from collections.abc import Mapping
from typing import Any

from appofapps.engine.names import resource_name
from appofapps.engine.results import PendingOperation, State, StateResource
from appofapps.engine.secrets import masked

UNVERIFIED = "interrupted, and not looked at since"
"""The error recorded on what an interrupted step touched. A refresh takes it away; while it is there, the engine
updates the resource at the next `up` even when the program did not change (it retries what has errors)."""


def read_state(exported: Mapping[str, Any]) -> State:
    """Read what `pulumi stack export` printed."""
    deployment = exported.get("deployment") or {}
    return State(
        resources=tuple(_resource(raw) for raw in deployment.get("resources") or () if not raw.get("delete")),
        pending=tuple(_pending(raw) for raw in deployment.get("pending_operations") or ()),
    )


def without_pending(exported: Mapping[str, Any], made: Mapping[str, str]) -> dict[str, Any]:
    """Return the state without pending operations, what the interrupted creations made taken in.

    `made` maps the URN of a pending creation to the id of what exists; a creation that is not in it made nothing.
    What was being created, updated or deleted is marked as unverified, so that nothing is taken for granted until
    it has been read from the provider.
    """
    deployment = exported["deployment"]
    pending = deployment.get("pending_operations") or []
    touched = {raw["resource"]["urn"] for raw in pending if raw["type"] in ("updating", "deleting")}
    kept = [_unverified(raw) if raw["urn"] in touched else raw for raw in deployment.get("resources") or []]
    for raw in pending:
        urn = raw["resource"]["urn"]
        if raw["type"] == "creating" and urn in made:
            kept = [*_superseded(kept, urn), _unverified(_made(raw["resource"], made[urn]))]
    return {**exported, "deployment": {**deployment, "resources": kept, "pending_operations": []}}


def _made(raw: dict[str, Any], id_: str) -> dict[str, Any]:
    # The inputs stand for the outputs until those are read. With no outputs, an `up` before that would see everything
    # differ, replace the resource by one of the same name, and then delete that name.
    return raw | {"id": id_, "outputs": raw.get("inputs") or {}}


def _superseded(resources: list[dict[str, Any]], urn: str) -> list[dict[str, Any]]:
    """Return the resources when `urn` was created anew: its predecessor is gone, or left to be deleted."""
    return [
        raw | {"delete": True} if raw["urn"] == urn else raw
        for raw in resources
        if not (raw["urn"] == urn and raw.get("pendingReplacement"))
    ]


def _unverified(raw: dict[str, Any]) -> dict[str, Any]:
    # A component has no provider that could read it, and so nothing to verify.
    return raw | {"initErrors": [UNVERIFIED]} if raw.get("custom") else raw


def _resource(raw: Mapping[str, Any]) -> StateResource:
    return StateResource(
        name=resource_name(raw["urn"]),
        id=raw.get("id") or "",
        inputs=masked(raw.get("inputs") or {}),
        outputs=masked(raw.get("outputs") or {}),
        dependencies=tuple(raw.get("dependencies") or ()),
        custom=bool(raw.get("custom")),
        retained=bool(raw.get("retainOnDelete")),
        errors=tuple(raw.get("initErrors") or ()),
    )


def _pending(raw: Mapping[str, Any]) -> PendingOperation:
    resource = raw["resource"]
    return PendingOperation(
        name=resource_name(resource["urn"]),
        kind=raw["type"],
        inputs=masked(resource.get("inputs") or {}),
        custom=bool(resource.get("custom")),
        provider=(resource.get("provider") or "").rpartition("::")[0],
    )
