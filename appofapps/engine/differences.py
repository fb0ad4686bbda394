"""Where two documents differ."""

from collections.abc import Iterator, Mapping
from typing import Any

INTERNAL = "__"
"""Properties that begin so belong to the SDK: `__provider`, `__defaults`."""


def differing_paths(old: Any, new: Any) -> tuple[str, ...]:  # noqa: ANN401  (JSON)
    """Return the paths of the leaves that differ, such as `spec.containers[0].image`, in order."""
    return tuple(_differing(old, new, ""))


def _differing(old: Any, new: Any, path: str) -> Iterator[str]:  # noqa: ANN401  (JSON)
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            if not key.startswith(INTERNAL):
                yield from _differing(old.get(key), new.get(key), f"{path}.{key}" if path else key)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (was, now) in enumerate(zip(old, new, strict=True)):
            yield from _differing(was, now, f"{path}[{index}]")
    elif old != new:
        yield path
