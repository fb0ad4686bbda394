"""Patches: they address a resource their child has, and leave alone what identity and order rest on."""

from collections.abc import Iterator, Mapping
from typing import Final

from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.problems import Problem, Step
from appofapps.plan import conventions as c
from appofapps.plan.checks.survey import Survey

_LABELS: Final = (c.NAME, c.INSTANCE, c.VERSION, c.PART_OF, c.MANAGED_BY)
_POD_METADATA: Final = (
    ("metadata",),
    ("spec", "template", "metadata"),
    ("spec", "jobTemplate", "spec", "template", "metadata"),
)
OURS: Final[tuple[tuple[str, ...], ...]] = (
    ("apiVersion",),
    ("kind",),
    ("name",),
    ("metadata", "name"),
    ("metadata", "namespace"),
    ("spec", "selector"),
    *((*metadata, "labels", label) for metadata in _POD_METADATA for label in _LABELS),
)
"""What no patch may touch: another value, or a removed mapping around it, would replace or lose the resource."""


def addressed(survey: Survey) -> Iterator[Problem]:
    """Refuse a patch of a resource that its child does not have."""
    for child in survey.children:
        for index, patch in enumerate(child.patches):
            path = ("patches", index, "resource")
            if not child.may_have(patch.resource):
                message = f"patches: {patch.resource!r}: a {child.kind} has no such resource"
                yield survey.problem(child, path, message, did_you_mean(patch.resource, child.RESOURCES))
            elif patch.resource in child.RESOURCES - child.patchable:
                message = f"patches: {patch.resource!r}: {child.name!r} has a {child.main_resource} instead"
                yield survey.problem(child, path, message, f"did you mean {child.main_resource!r}?")


def harmless(survey: Survey) -> Iterator[Problem]:
    """Refuse a patch of a name, a namespace, a selector, or of labels and tags of ours."""
    for child in survey.children:
        for index, patch in enumerate(child.patches):
            touched = [path for path in OURS if _touches(patch.merge, path)]
            for path in dict.fromkeys([*touched, *_our_keys(patch.merge, ())]):
                message = f"patches: {'.'.join(map(str, path))} is not for patches: it identifies what is ours"
                yield survey.problem(child, ("patches", index, "merge", *path), message, "remove it from the patch")


def _touches(merge: object, path: tuple[str, ...]) -> bool:
    """Tell whether a merge changes a place: names it, or replaces something around it."""
    for step in path:
        if not isinstance(merge, Mapping):
            return True
        if step not in merge:
            return False
        merge = merge[step]
    return True


def _our_keys(value: object, path: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """Yield the keys of our own vocabulary, wherever they are."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if str(key).startswith((c.PREFIX, c.TAG_PREFIX)):
                yield (*path, key)
            yield from _our_keys(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _our_keys(inner, (*path, index))
