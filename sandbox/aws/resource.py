"""What a service module declares: a resource type, its fields, and what to do in AWS."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sandbox.aws.cloud import Region
from sandbox.aws.wire import Props


class RefusedError(Exception):
    """Something the stand-in or AWS will not do; the message is for the person at the keyboard."""


def unchanged(value: Any) -> Any:  # noqa: ANN401  (any property)
    """Compare a value by itself."""
    return value


def document(value: Any) -> Any:  # noqa: ANN401  (any property)
    """Compare a JSON document by what it says, as IAM does: spaces, order of keys and a list of one do not count."""
    if isinstance(value, str):
        try:
            return document(json.loads(value))
        except ValueError:
            return value
    if isinstance(value, dict):
        return {key: document(item) for key, item in value.items()}
    if isinstance(value, list):
        return document(value[0]) if len(value) == 1 else [document(item) for item in value]
    return value


def as_json(value: Any) -> Any:  # noqa: ANN401  (any property)
    """Return a document as AWS takes it: programs give it as text or as an object."""
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else value


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a resource type."""

    default: Any = None
    replaces: bool = False
    """A change makes a new resource."""
    unread: bool = False
    """AWS (or moto) does not tell the value: what was last applied stands for it."""
    computed: bool = False
    """AWS fills it when the program does not: no drift unless the program set it."""
    alike: Callable[[Any], Any] = unchanged
    """Equal results mean equal values."""


TAGS: Mapping[str, Field] = {"tags": Field(), "tagsAll": Field()}
"""`tagsAll` is `tags` and the provider's default tags: that is what goes to AWS."""


class Resource(ABC):
    """A resource type; errors of boto3 pass through, and one that says "not found" means gone."""

    type_name: ClassVar[str]
    fields: ClassVar[Mapping[str, Field]]
    outputs: ClassVar[tuple[str, ...]] = ()
    """What AWS decides, unknown until it is created."""
    named: ClassVar[str | None] = "name"
    """The input that gets a generated value when the program gives none."""
    identity: ClassVar[tuple[str, ...]] = ("name",)
    """While these are the same, old and new cannot exist together: a replacement deletes first."""
    regional: ClassVar[bool] = True

    @abstractmethod
    def create(self, region: Region, inputs: Props) -> str:
        """Create it and return its id; something of that name already there is an error where AWS says so."""

    @abstractmethod
    def read(self, region: Region, id_: str, known: Props) -> Props | None:
        """Return what AWS tells (and `id`, None for a value that is gone), or None when there is no such thing.

        `known` is the last recorded state, empty when the resource is imported.
        """

    @abstractmethod
    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:
        """Make the changed fields as `new` says."""

    @abstractmethod
    def delete(self, region: Region, id_: str, state: Props) -> None:
        """Delete it."""

    def completed(self, inputs: Props) -> Props:
        """Add inputs that follow from others."""
        return inputs

    def differs(self, key: str, old: Props, new: Props) -> bool:
        """Tell whether a known new value differs from the recorded one."""
        return bool(self.normal(key, old.get(key)) != self.normal(key, new.get(key)))

    def normal(self, key: str, value: Any) -> Any:  # noqa: ANN401  (any property)
        """Return what two values of a field are compared by; absent means its default."""
        field = self.all_fields()[key]
        present = _pruned(value)
        if present is None:
            present = _pruned(field.default)
        return None if present is None else field.alike(present)

    def unknown_after(self, _changed: Collection[str], _new: Props) -> tuple[str, ...]:
        """Name the outputs an update will change in a way nobody can foresee."""
        return ()

    @classmethod
    def all_fields(cls) -> Mapping[str, Field]:
        """Return the inputs, with `region` where the resource lives in one."""
        return {**cls.fields, "region": Field(replaces=True)} if cls.regional else cls.fields


def _pruned(value: Any) -> Any:  # noqa: ANN401  (JSON)
    if isinstance(value, dict):
        kept = {key: item for key, raw in value.items() if (item := _pruned(raw)) is not None}
        return kept or None
    if value in ("", []):
        return None
    return value
