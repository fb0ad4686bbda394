"""Patches: the last word of a catalog file over one resource."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from appofapps.catalog.models.child import ChildFile


def merge(document: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document with a patch merged over it; neither is changed.

    Mappings merge key by key, lists of named objects by `name`, everything else is replaced. None removes a key.
    Not helm's merge (`catalog/chart.py`), which replaces every list: a patch of one container must not lose the others.

    >>> merge({"spec": {"replicas": 1, "paused": True}}, {"spec": {"replicas": 2, "paused": None}})
    {'spec': {'replicas': 2}}
    """
    removed = {key for key, value in patch.items() if value is None}
    changed = {key: _merged(document.get(key), value) for key, value in patch.items() if value is not None}
    return {key: value for key, value in {**document, **changed}.items() if key not in removed}


def patched(child: ChildFile, resource: str, document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a document with a child's patches of that resource merged over it."""
    for patch in child.patches:
        if patch.resource == resource:
            document = merge(document, patch.merge)
    return document


def _merged(old: object, new: object) -> object:
    if isinstance(new, Mapping):
        return merge(old if isinstance(old, Mapping) else {}, new)
    if _is_named(new) and _is_named(old):
        return _by_name(old, new)
    return new


def _by_name(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Merge items of one name in the place of the old one; new names follow in their order."""
    patches = {item["name"]: item for item in new}
    kept = [merge(item, patches.get(item["name"], {})) for item in old]
    names = {item["name"] for item in old}
    return [*kept, *(merge({}, item) for name, item in patches.items() if name not in names)]


def _is_named(value: object) -> TypeGuard[Sequence[Mapping[str, Any]]]:
    return (
        isinstance(value, Sequence)
        and bool(value)
        and all(isinstance(item, Mapping) and "name" in item for item in value)
    )
