"""Pulumi writes nested keys in camelCase, AWS in PascalCase."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def pascal(value: Any) -> Any:  # noqa: ANN401  (JSON)
    """Return a nested value with the keys AWS expects."""
    return _renamed(value, str.upper)


def camel(value: Any) -> Any:  # noqa: ANN401  (JSON)
    """Return a nested value with the keys Pulumi expects."""
    return _renamed(value, str.lower)


def tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    """Return tags as most services take them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tag_map(tags: list[dict[str, str]]) -> dict[str, str]:
    """Return tags as Pulumi keeps them, without those AWS sets itself."""
    return {tag["Key"]: tag["Value"] for tag in tags if not tag["Key"].startswith("aws:")}


def _renamed(value: Any, case: Callable[[str], str]) -> Any:  # noqa: ANN401  (JSON)
    if isinstance(value, dict):
        return {case(key[:1]) + key[1:]: _renamed(item, case) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, case) for item in value]
    return value
