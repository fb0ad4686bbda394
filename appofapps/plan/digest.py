"""The digest of a plan: two plans of one digest make the same resources."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pydantic import BaseModel

from appofapps.catalog.catalog import Code
from appofapps.catalog.models.parent import EnvironmentFile
from appofapps.plan.plan import Plan

ELSEWHERE = {"clusters", "failover", "quota", "preview_of", "lent"}
"""Fields of an environment that decide where children go and what they have: the plan shows the outcome."""


def digest(plan: Plan) -> str:
    """Return `sha256:` and the hash of everything resources are made of, and of the version of this program.

    It follows the content: not the order of files, nor the folder they are in.
    """
    inputs = {"program": _program(), "parent": plan.parent, "version": plan.parent_version, "children": plan.children}
    recorded = {"preview": plan.target.preview} if plan.target.preview else {}
    text = json.dumps({**inputs, **recorded}, default=_plain, sort_keys=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _program() -> str:
    try:
        return version("appofapps")
    except PackageNotFoundError:  # a checkout that is not installed
        return ""


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Code):
        return value.digest
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude=ELSEWHERE if isinstance(value, EnvironmentFile) else None)
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)
