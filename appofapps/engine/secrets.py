"""Secrets as the engine writes them: sealed, and shown by us as a mask."""

from collections.abc import Mapping
from typing import Any

_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Pulumi's key that marks a sealed value (sdk/go/common/resource/sig)."""
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  (the mark of a secret, not one)
MASK = "[secret]"


def masked(value: Any) -> Any:  # noqa: ANN401  (JSON)
    """Return the value with a mask where a secret is."""
    if isinstance(value, Mapping):
        if value.get(_SIGNATURE) == _SECRET:
            return MASK
        return {key: masked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item) for item in value]
    return value
