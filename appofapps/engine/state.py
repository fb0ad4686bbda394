"""An exported state, read and repaired as plain JSON."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

from appofapps.engine.names import resource_name
from appofapps.engine.results import PendingOperation, State, StateResource
from appofapps.engine.secrets import masked
from appofapps.plan.conventions import PARENT_TYPE

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


def without_cluster(exported: Mapping[str, Any], cluster: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the state without what a cluster's provider has made, and the URNs that left it.

    The provider goes along, and so do components in which nothing is left; what a child of the cluster has elsewhere,
    such as a role in AWS, stays in the state.
    """
    deployment = exported["deployment"]
    resources = deployment.get("resources") or []
    lost = {raw["urn"] for raw in resources if _is_provider_of(raw["urn"], cluster)}
    lost |= {raw["urn"] for raw in resources if _provider_urn(raw) in lost}
    while empty := _emptied(resources, lost):
        lost |= empty
    kept = [_apart_from(raw, lost) for raw in resources if raw["urn"] not in lost]
    pending = [raw for raw in deployment.get("pending_operations") or [] if raw["resource"]["urn"] not in lost]
    pending = [raw for raw in pending if _provider_urn(raw["resource"]) not in lost]
    slim = {**deployment, "resources": kept, "pending_operations": pending}
    return {**exported, "deployment": slim}, tuple(raw["urn"] for raw in resources if raw["urn"] in lost)


def with_note(exported: Mapping[str, Any], name: str, value: object) -> dict[str, Any]:
    """Return the state with another value of an input that the parent has: a record of the whole stack."""
    deployment = exported["deployment"]
    kept = [_noted(raw, name, value) for raw in deployment.get("resources") or []]
    return {**exported, "deployment": {**deployment, "resources": kept}}


def _noted(raw: dict[str, Any], name: str, value: object) -> dict[str, Any]:
    is_root = raw["type"] == PARENT_TYPE and name in (raw.get("inputs") or {})
    return raw | {"inputs": {**raw["inputs"], name: value}} if is_root else raw


def _is_provider_of(urn: str, cluster: str) -> bool:
    return urn.endswith(f"pulumi:providers:kubernetes::{cluster}")


def _provider_urn(raw: Mapping[str, Any]) -> str:
    return str(raw.get("provider") or "").rpartition("::")[0]


def _emptied(resources: Sequence[Mapping[str, Any]], lost: Set[str]) -> set[str]:
    """Return the components that had something among what is lost, and have nothing else."""
    full = {raw.get("parent") for raw in resources if raw["urn"] not in lost}
    parents = {raw.get("parent") for raw in resources if raw["urn"] in lost}
    components = (raw for raw in resources if not raw.get("custom") and resource_name(raw["urn"]).child)
    return {raw["urn"] for raw in components if raw["urn"] in parents - full - lost}


def _apart_from(raw: dict[str, Any], lost: Set[str]) -> dict[str, Any]:
    """Return a resource without lost dependencies: the engine refuses a state that names what is not in it."""
    dependencies = [urn for urn in raw.get("dependencies") or () if urn not in lost]
    by_property = {
        name: [urn for urn in urns or () if urn not in lost]
        for name, urns in (raw.get("propertyDependencies") or {}).items()
    }
    without = {key: value for key, value in raw.items() if key != "deletedWith" or value not in lost}
    return without | {"dependencies": dependencies, "propertyDependencies": by_property}


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
