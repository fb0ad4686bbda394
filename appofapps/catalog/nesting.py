"""Nested parents, taken apart: their children become children of the catalog around them.

So everything behind the loader sees one flat catalog, and nothing there knows of nesting but the roll-up and the
deletion budgets, which ask `Catalog.parents`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from appofapps.catalog.catalog import APPS, Catalog
from appofapps.catalog.models.child import Placement, Where
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.nested import NestedParent
from appofapps.catalog.models.permission import PARAMETER, Permission
from appofapps.catalog.selector import both


def qualified(parent: str, child: str) -> str:
    """Return the name that a nested parent's child has in the catalog around it."""
    return f"{parent}-{child}"


def flattened(outer: Catalog, nested: Mapping[str, Catalog]) -> Catalog:
    """Return a catalog whose nested parents are replaced by their children; `nested` holds theirs, by name."""
    found = outer
    for name, inner in nested.items():
        around = outer.children[name]
        assert isinstance(around, NestedParent)
        found = _with(found, around, inner)
    members = {name: tuple(qualified(name, child) for child in inner.children) for name, inner in nested.items()}
    children = {
        name: child.model_copy(update={"needs": tuple(_expanded(child.needs, members))})
        if any(need in members for need in child.needs)
        else child
        for name, child in found.children.items()
    }
    return replace(found, children=children)


def _with(outer: Catalog, around: NestedParent, inner: Catalog) -> Catalog:
    """Return a catalog with one nested parent taken apart."""
    name = around.name
    children = {each: child for each, child in outer.children.items() if each != name}
    files = {each: file for each, file in outer.files.items() if each != name}
    for child in inner.children.values():
        children[qualified(name, child.name)] = _adopted(child, around, inner)
    return replace(
        outer,
        children=children,
        code={**outer.code, **{qualified(name, each): code for each, code in inner.code.items()}},
        files={**files, **{qualified(name, each): file for each, file in inner.files.items()}},
        broken={**outer.broken, APPS: outer.broken.get(APPS, frozenset()) | _broken(name, inner)},
        nested_in={
            **outer.nested_in,
            **{
                qualified(name, each): qualified(name, inner.nested_in[each]) if each in inner.nested_in else name
                for each in inner.children
            },
        },
        parents={
            **outer.parents,
            name: inner.parent,
            **{qualified(name, each): parent for each, parent in inner.parents.items()},
        },
    )


def _broken(name: str, inner: Catalog) -> frozenset[str]:
    return frozenset(qualified(name, each) for each in inner.broken.get(APPS, ()))


def _adopted(child: Child, around: NestedParent, inner: Catalog) -> Child:
    defaults = inner.parent.defaults
    adopted = child.model_copy(
        update={
            "name": qualified(around.name, child.name),
            "moved_from": child.moved_from and qualified(around.name, child.moved_from),
            "needs": (*(qualified(around.name, need) for need in child.needs), *around.needs),
            "cloud_identity": tuple(_within(around.name, permission) for permission in child.cloud_identity),
            "labels": {**around.labels, **child.labels},
            "target": _narrowed(child.target, around.target),
            "paused": child.paused or around.paused,
            "deadline": child.deadline or defaults.deadline,
            "allowed_regions": _regions(child, inner),
            "cost_centre": child.cost_centre or around.cost_centre or defaults.cost_centre,
        }
    )
    for named in (*child.calls, *child.reaches):  # in its spec
        adopted = _put(adopted, named.at, qualified(around.name, named.name))
    return adopted


def _put(value: Any, at: Where, new: object) -> Any:  # noqa: ANN401 - models, tuples and mappings, one in another
    """Return a value with what stands at a place in it replaced; the value itself stays as it is."""
    if not at:
        return new
    step, *rest = at
    if isinstance(value, BaseModel):
        return value.model_copy(update={str(step): _put(getattr(value, str(step)), (*rest,), new)})
    inner = _put(value[step], (*rest,), new)
    if isinstance(value, Mapping):
        return {**value, step: inner}
    return (*value[:step], inner, *value[int(step) + 1 :])


def _within(parent: str, permission: Permission) -> Permission:
    """Return a permission that names parameters by the names their children have around a nested parent."""
    resources = (
        PARAMETER + qualified(parent, each.removeprefix(PARAMETER)) if each.startswith(PARAMETER) else each
        for each in permission.resources
    )
    return permission.model_copy(update={"resources": tuple(resources)})


def _regions(child: Child, inner: Catalog) -> tuple[str, ...] | None:
    """Return the regions of a child that says which, or else of its parent; None leaves it to the parent around."""
    return (inner.parent.defaults.allowed_regions or None) if child.allowed_regions is None else child.allowed_regions


def _expanded(needs: Iterable[str], members: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    for need in needs:
        yield from members.get(need, (need,))


def _narrowed(one: Placement, other: Placement) -> Placement:
    """Return what both placements allow; what neither does matches nothing, which a check reports."""
    shared = [name for name in one.environments if name in other.environments]
    everywhere = not one.environments or not other.environments
    return Placement(
        environments=(one.environments or other.environments) if everywhere else tuple(shared),
        clusters=both(one.clusters, other.clusters),
    )
