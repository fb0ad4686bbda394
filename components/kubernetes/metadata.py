"""The metadata of a child's objects."""

from collections.abc import Mapping
from typing import Any

from appofapps.catalog.models.child import ChildFile
from appofapps.plan import conventions as c
from appofapps.plan.plan import PlannedChild

SKIP_AWAIT = {c.SKIP_AWAIT: "true"}
"""For objects whose readiness says nothing that the pods' own does not: each await of a Service costs ten seconds."""

FORCE = {c.PATCH_FORCE: "true"}
"""What the catalog says wins. Without it an edit by hand (`kubectl set image`) makes its editor the field's owner, and
every run, a preview with refresh included, ends in a conflict instead of showing or repairing the drift; so does the
adoption of what somebody made. Fields that others own by right, such as an autoscaler's replicas, are never sent."""


def metadata(
    planned: PlannedChild[ChildFile], name: str | None = None, annotations: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the metadata of an object in the child's namespace; it has the child's own name unless told otherwise."""
    return {
        "name": name or planned.name,
        "namespace": planned.name,
        "labels": dict(planned.labels),
        "annotations": {**FORCE, **(annotations or {})},
    }


def release_metadata(
    planned: PlannedChild[ChildFile], name: str | None = None, annotations: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the metadata of what runs the child's version; like the namespace, it says who answers for it."""
    annotations = {**planned.annotations, **(annotations or {})}
    return {**metadata(planned, name, annotations), "labels": dict(planned.release_labels)}
