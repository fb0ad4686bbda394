"""The previews there are, as their stacks record them: the same from every checkout."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from appofapps.catalog.models.previews import Preview
from appofapps.engine.backend import Backend
from appofapps.engine.results import State
from appofapps.operations.deployed import STACK
from appofapps.plan import conventions as c

_NAME: Final = re.compile(r"pr-([a-z0-9-]+-)?\d+")


@dataclass(frozen=True, slots=True)
class PreviewStack:
    """A preview, and what its stack says of it."""

    name: str
    record: Preview | None
    """None for a stack that was made, and killed before it recorded anything."""
    expired: bool = False
    resources: int = 0
    urls: Mapping[str, str] = field(default_factory=dict)
    """The addresses from outside, by child and place."""


def preview_stacks(project: Path, now: datetime) -> tuple[PreviewStack, ...]:
    """Return every preview the backend knows, by name. Raises EngineError."""
    states = Backend(project).states("pr-")
    found = (described(name, state, now) for name, state in states.items() if _NAME.fullmatch(name))
    return tuple(each for each in found if each.record or not each.resources)


def described(name: str, state: State, now: datetime) -> PreviewStack:
    """Return what a state says of a preview; a stack with resources and no record is none."""
    raw = next((each.inputs.get(c.INPUT_PREVIEW) for each in state.resources if each.name.type == c.PARENT_TYPE), None)
    try:
        record = Preview.model_validate(raw) if raw else None
    except ValidationError:
        record = None
    return PreviewStack(name, record, bool(record and record.expires <= now), len(state.resources), _urls(state))


def _urls(state: State) -> Mapping[str, str]:
    outputs = next((each.outputs for each in state.resources if each.name.type == STACK), {})
    children = outputs.get(c.OUTPUT_CHILDREN) or {}
    found = {name: (child.get("endpoints") or {}).get("ingress") for name, child in children.items()}
    return {name: str(url) for name, url in found.items() if url}
