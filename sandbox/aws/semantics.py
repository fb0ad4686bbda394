"""What Pulumi asks of any resource, computed from its declaration: checked, changed, planned, observed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sandbox.aws.resource import Resource
from sandbox.aws.wire import UNKNOWN, Props, has_unknown

UNTOLD = "_untold"
"""In the state of an imported resource: the inputs AWS did not tell; the program's word is taken for them, once."""


@dataclass(frozen=True, slots=True)
class Change:
    """One input that differs."""

    key: str
    replaces: bool
    before: bool
    after: bool


def unknown_inputs(resource: Resource, inputs: Iterable[str]) -> list[str]:
    """Return the inputs the stand-in does not cover."""
    return sorted(key for key in inputs if key not in resource.all_fields() and not key.startswith("__"))


def checked(resource: Resource, news: Props, olds: Props, name: str, default_tags: dict[str, str]) -> Props:
    """Return the inputs with a physical name and all tags; `name` is used where neither old nor new has one."""
    inputs = {key: value for key, value in news.items() if key in resource.all_fields()}
    if resource.named and not inputs.get(resource.named):
        inputs[resource.named] = olds.get(resource.named) or name
    if "tagsAll" in resource.fields:
        tags = inputs.get("tags") or {}
        merged = UNKNOWN if tags == UNKNOWN else {**default_tags, **tags}
        inputs["tagsAll"] = merged
        if not merged:
            del inputs["tagsAll"]
    return resource.completed(inputs)


def generated_name(resource: Resource, news: Props, urn: str, seed: bytes) -> str:
    """Return `<name in the program>-<7 hex>`, or the prefix the program gives with as much."""
    digits = hashlib.sha256(seed + urn.encode()).hexdigest()[:7]
    prefix = news.get(f"{resource.named}Prefix")
    return f"{prefix}{digits}" if prefix else f"{urn.rpartition('::')[2]}-{digits}"


def changes(resource: Resource, old_inputs: Props, old_state: Props, news: Props) -> list[Change]:
    """Return what differs, a value not yet known included."""
    untold = set(old_state.get(UNTOLD, ())) - set(old_inputs)
    computed = {key: old_state.get(key) for key, field in resource.all_fields().items() if field.computed}
    olds = {**computed, **old_inputs}
    return [
        Change(key, field.replaces, key in old_inputs, key in news)
        for key, field in resource.all_fields().items()
        if key not in untold
        and not (field.computed and key not in news)
        and (has_unknown(news.get(key)) or resource.differs(key, olds, news))
    ]


def deletes_first(resource: Resource, old_inputs: Props, news: Props) -> bool:
    """Tell whether a replacement would meet its predecessor under the same name."""
    return all(
        not has_unknown(news.get(key)) and not resource.differs(key, old_inputs, news) for key in resource.identity
    )


def planned(resource: Resource, inputs: Props, old_state: Props, unknown: Sequence[str]) -> Props:
    """Return the state a preview shows."""
    fields = resource.all_fields()
    defaults = {key: field.default for key, field in fields.items() if field.default is not None}
    kept = {key: value for key, value in old_state.items() if key not in fields or fields[key].computed}
    return {**defaults, **kept, **inputs, **dict.fromkeys(unknown, UNKNOWN)}


def observed(resource: Resource, world: Props, inputs: Props, state: Props) -> tuple[Props, Props]:
    """Return inputs and state as AWS has them, in the words of the recorded ones where these say the same."""
    fields = resource.all_fields()
    now_inputs: Props = {}
    now: Props = {key: value for key, value in world.items() if key not in fields and key != "id"}
    for key, field in fields.items():
        value = _worded(resource, key, world, inputs, state)
        if value is None:
            continue
        now[key] = value
        given = key in inputs
        if given or not (field.computed or field.unread or _is_default(resource, key, value)):
            now_inputs[key] = value
    untold = _untold(resource, world, now_inputs, state)
    return now_inputs, {**now, UNTOLD: untold} if untold else now


def with_tags(resource: Resource, world: Props, known: Props, default_tags: dict[str, str]) -> Props:
    """Split the tags AWS has into all of them and the program's own."""
    if "tagsAll" not in resource.fields:
        return world
    all_tags = {key: value for key, value in world.get("tags", {}).items() if not key.startswith("aws:")}
    given = known.get("tags") or {}
    own = {key: value for key, value in all_tags.items() if key in given or default_tags.get(key) != value}
    return {**world, "tags": own, "tagsAll": all_tags}


def _worded(resource: Resource, key: str, world: Props, inputs: Props, state: Props) -> object:
    recorded = inputs.get(key, state.get(key))
    if key not in world:
        return recorded
    if recorded is not None and resource.normal(key, recorded) == resource.normal(key, world[key]):
        return recorded
    return world[key]


def _is_default(resource: Resource, key: str, value: object) -> bool:
    return bool(resource.normal(key, value) == resource.normal(key, None))


def _untold(resource: Resource, world: Props, inputs: Props, state: Props) -> list[str]:
    before = state.get(UNTOLD, [])
    imported = [key for key, field in resource.fields.items() if field.unread and key not in world]
    return [key for key in (before if state else imported) if key not in inputs]
