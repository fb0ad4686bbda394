"""The common base of all catalog models, and the scalar types their fields use."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Final, Literal

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from appofapps.catalog.models.quantity import parse_quantity

API_VERSION: Final = "appofapps.dev/v1"

_DURATION = re.compile(r"^(\d+)(s|m|h|d)$", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Model(BaseModel):
    """A frozen value that refuses unknown fields."""

    # Built when first used: a run meets few of the kinds.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class File(Model):
    """What every catalog file starts with."""

    api_version: Literal["appofapps.dev/v1"] = Field(alias="apiVersion")


def repeated(names: Iterable[str]) -> list[str]:
    """Return the names that are there more than once, in order."""
    return sorted(name for name, count in Counter(names).items() if count > 1)


def _semantic_version(text: str) -> str:
    try:
        Version(text)
    except InvalidVersion:
        msg = f"{text!r} is not a semantic version; write it like 1.4.2"
        raise ValueError(msg) from None
    return text


def _version_range(text: str) -> str:
    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        msg = f"{text!r} is not a version range; write it like '>=1.4,<2'"
        raise ValueError(msg) from None
    return text


def _seconds(value: object) -> object:
    return parse_seconds(value) if isinstance(value, str) else value


def parse_seconds(value: str) -> int:
    """Return the seconds of a duration such as `90s` or `2m`; raises ValueError for anything else."""
    match = _DURATION.match(value)
    if match is None:
        msg = f"{value!r} is not a duration; write it like 90s, 2m or 1h"
        raise ValueError(msg)
    return int(match[1]) * _SECONDS[match[2]]


def _quantity(text: object) -> object:
    text = str(text) if isinstance(text, int | float) else text
    if isinstance(text, str):
        parse_quantity(text)
    return text


Name = Annotated[str, Field(pattern=r"^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$")]
"""A DNS label of at most 40 characters, so that prefixes and suffixes fit."""

SemanticVersion = Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+([-+].+)?$"), AfterValidator(_semantic_version)]
VersionRange = Annotated[str, AfterValidator(_version_range)]
"""A range as in Python packaging: ``>=1.4,<2``."""

Seconds = Annotated[
    int,
    BeforeValidator(_seconds),
    Field(ge=1),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": _DURATION.pattern}]}),
]
"""A duration; ``90``, ``90s``, ``2m``, ``1h`` and ``30d`` are accepted, seconds are kept."""

Quantity = Annotated[
    str, BeforeValidator(_quantity), WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}]})
]
"""A Kubernetes quantity: ``250m``, ``2``, ``512Mi``."""

Image = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9]+([._-]+[a-z0-9]+)*(:\d+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"
        r"(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[a-f0-9]{64})?$"
    ),
]
"""A container image reference; the plan refuses floating tags, and missing digests in prod."""

Region = Annotated[str, Field(pattern=r"^[a-z]{2}-[a-z]+-\d$")]
"""An AWS region: ``eu-west-1``. A cluster is in the one beside it."""
Cidr = Annotated[str, Field(pattern=r"^[0-9a-fA-F.:]+/\d{1,3}$")]
"""A range of addresses: ``10.0.0.0/8``."""
Arn = Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d*:.+$")]
EnvironmentVariable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
LabelValue = Annotated[str, Field(pattern=r"^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")]
Tier = Literal["dev", "staging", "prod"]

Selector = dict[str, LabelValue | tuple[LabelValue, ...]]
"""Label to the value, or to the values, it may have; an empty selector matches everything."""
