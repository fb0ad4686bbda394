"""Kubernetes objects that others wrote, made ours: namespace, labels, owner, and what the engine waits for."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from appofapps.catalog.models.objects import CONTROLLERS, ObjectsChild
from appofapps.catalog.objects import Document
from appofapps.plan import conventions as c
from appofapps.plan.plan import PlannedChild
from components.kubernetes.fields import given
from components.kubernetes.metadata import FORCE, SKIP_AWAIT, release_metadata

RUNNING: Final = frozenset({each.kind for each in CONTROLLERS} | {"CronJob", "Pod", "ReplicaSet"})
"""Kinds that run the child's version."""
_SELECTED_BY: Final = (c.NAME, c.INSTANCE)
"""Labels by which objects find one another: where they have been set, they stay."""
_POD_LABELS: Final = (c.PART_OF, c.CHILD, c.TEAM, c.ENVIRONMENT, c.COST_CENTRE)
"""Ours that no selector of others can be about."""
_NOT_AWAITED: Final = frozenset({"Ingress", "PersistentVolumeClaim"})
"""A claim may stay unbound until there is a pod, and an ingress without an address for good."""

_DEFINITION: Final = "CustomResourceDefinition"

_ROLLED_OUT: Final = [
    "condition=Available",
    'jsonpath={.status.conditions[?(@.type=="Progressing")].reason}=NewReplicaSetAvailable',
]


def in_order(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Yield objects in the order they are made in: definitions, what only has to be there, what runs, the ways in."""
    every = list(documents)
    for stage in range(4):
        yield [each for each in every if _stage(each) == stage]


def _stage(document: Document) -> int:
    if document["kind"] == _DEFINITION:
        return 0
    if document["kind"] in RUNNING:
        return 2
    return 3 if _is_way_in(document) else 1


def dressed(planned: PlannedChild[ObjectsChild], document: Document, *, namespaced: bool) -> dict[str, Any]:
    """Return an object as the child's own; what it says itself stays but for labels and annotations of ours."""
    metadata = document["metadata"]
    place = {"namespace": planned.name} if namespaced else {}
    # A document may say `labels:` and nothing: null.
    labels = {**(metadata.get("labels") or {}), **_labels(planned, document)}
    annotations = {**(metadata.get("annotations") or {}), **_annotations(planned, document)}
    return {
        **document,
        **_subjects(planned, document),
        **_spec(planned, document),
        "metadata": {**metadata, **place, "labels": labels, "annotations": annotations},
    }


def record(planned: PlannedChild[ObjectsChild], digest: str) -> dict[str, Any]:
    """Return the record of a release, which is written when everything else of the child is ready.

    It says all in its metadata: those can change without a new object.
    """
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": release_metadata(planned, annotations={c.SOURCE_DIGEST: digest}),
    }


def _is_way_in(document: Document) -> bool:
    """Tell a Service that others outside the cluster reach: it is ready when it has an address, and pods behind it."""
    spec = document.get("spec") or {}
    return document["kind"] == "Service" and bool(spec.get("type", "ClusterIP") != "ClusterIP")


def _labels(planned: PlannedChild[ObjectsChild], document: Document) -> dict[str, str]:
    """Return our labels of an object; what runs, and what states a version anyway, states the child's."""
    theirs = document["metadata"].get("labels") or {}
    versioned = document["kind"] in RUNNING or c.VERSION in theirs
    ours = planned.release_labels if versioned else planned.labels
    return {key: value for key, value in ours.items() if key not in _SELECTED_BY or key not in theirs}


def _annotations(planned: PlannedChild[ObjectsChild], document: Document) -> dict[str, str]:
    kind, spec = document["kind"], document.get("spec") or {}
    within = kind == "Service" and not _is_way_in(document)
    return {
        **FORCE,
        **(planned.annotations if kind in RUNNING else {}),
        **(SKIP_AWAIT if within or kind in _NOT_AWAITED else {}),
        **_awaited(kind, spec),
    }


def _awaited(kind: str, spec: Mapping[str, Any]) -> dict[str, str]:
    """Return what the engine waits for, where that is not what the provider waits for by itself.

    Its wait for a Deployment (4.25.0, pkg/await/deployment.go) looks at a status that the controller has not renewed,
    and took a second revision for rolled out within a second (tests/e2e/test_objects.py).
    """
    if kind == _DEFINITION:
        return {c.WAIT_FOR: "condition=Established"}
    if kind == "Deployment" and not spec.get("paused"):
        return {c.WAIT_FOR: json.dumps(_ROLLED_OUT)}
    if kind == "StatefulSet" and (spec.get("updateStrategy") or {}).get("type") != "OnDelete":
        return awaited_replicas(spec.get("replicas", 1))
    return {}


def awaited_replicas(replicas: int) -> dict[str, str]:
    """Return what the engine waits for of a StatefulSet: every replica updated and ready, in this generation.

    The provider's own wait for a StatefulSet (4.25.0, pkg/await/statefulset.go) ignores `observedGeneration` and takes
    the status from before an update for the one after it.
    """
    counts = ("updatedReplicas", "readyReplicas") if replicas else ()
    paths = [f"jsonpath={{.status.{count}}}={replicas}" for count in counts]
    return {c.WAIT_FOR: json.dumps(paths)} if paths else {}


def _spec(planned: PlannedChild[ObjectsChild], document: Document) -> dict[str, Any]:
    """Return the specification of a controller with our labels on its pods, too."""
    if document["kind"] not in RUNNING or not document.get("spec"):
        return {}
    spec = document["spec"]
    if document["kind"] == "CronJob":
        job = spec["jobTemplate"]
        return {"spec": {**spec, "jobTemplate": {**job, "spec": _with_template(planned, job["spec"])}}}
    return {"spec": _with_template(planned, spec)}


def _with_template(planned: PlannedChild[ObjectsChild], spec: Mapping[str, Any]) -> dict[str, Any]:
    if "template" not in spec:
        return dict(spec)
    template = spec["template"]
    metadata = template.get("metadata") or {}
    labels = {**(metadata.get("labels") or {}), **{key: planned.labels[key] for key in _POD_LABELS}}
    return {**spec, "template": {**template, "metadata": {**metadata, "labels": labels}}}


def _subjects(planned: PlannedChild[ObjectsChild], document: Document) -> dict[str, Any]:
    """Return the accounts of a binding; those without a namespace are in the child's, whose name no file can know."""
    subjects: Iterable[Mapping[str, Any]] = document.get("subjects") or ()
    return given(subjects=[_subject(planned, each) for each in subjects])


def _subject(planned: PlannedChild[ObjectsChild], subject: Mapping[str, Any]) -> dict[str, Any]:
    home = {"namespace": planned.name} if subject.get("kind") == "ServiceAccount" else {}
    return {**home, **subject}
