"""Versions and images as resources record them."""

from collections.abc import Mapping
from typing import Any

from appofapps.engine.results import State
from appofapps.plan import conventions as c
from appofapps.plan.plan import Address

Inputs = Mapping[str, Any]


def version(inputs: Inputs) -> str:
    """Return the version that a resource's label or tag states; empty where it has none."""
    labels = (inputs.get("metadata") or {}).get("labels") or {}
    tags = inputs.get("tags") or {}
    return str(labels.get(c.VERSION) or tags.get(c.TAG_PREFIX + "version") or "")


def image(inputs: Inputs) -> str:
    """Return the image of a controller's or job's main container; empty for anything else."""
    spec = inputs.get("spec") or {}
    template = (spec.get("jobTemplate") or {"spec": spec})["spec"].get("template") or {}
    containers = (template.get("spec") or {}).get("containers") or [{}]
    return str(containers[0].get("image", ""))


def deployed_versions(state: State) -> Mapping[Address, str]:
    """Return the version each child was deployed in: that of its last resource that has one."""
    found = {}
    for resource in state.resources:
        if resource.name.child and (stated := version(resource.inputs)):
            found[resource.name.child] = stated
    return found


def owners(state: State) -> Mapping[Address, str]:
    """Return the team of each child, as labels and tags state it; the catalog may not know the child any more."""
    found = {}
    for resource in state.resources:
        labels = (resource.inputs.get("metadata") or {}).get("labels") or {}
        tags = resource.inputs.get("tags") or {}
        if resource.name.child and (team := labels.get(c.TEAM) or tags.get(c.TAG_PREFIX + "team")):
            found[resource.name.child] = str(team)
    return found
