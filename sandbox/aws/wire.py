"""Pulumi's property values between the gRPC wire and plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf import json_format, struct_pb2  # type: ignore[import-untyped]

Props = dict[str, Any]

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  (the marker of a secret, not one)

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
# The engine marks an unknown by the type it will have; to us they are all the same.
_UNKNOWNS: Final = {
    UNKNOWN,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
}


def decode(struct: struct_pb2.Struct) -> Props:
    """Return the properties of a request: whole numbers as int, secrets unwrapped, one mark for all unknowns."""
    return {key: _plain(value) for key, value in json_format.MessageToDict(struct).items()}


def encode(props: Mapping[str, Any]) -> struct_pb2.Struct:
    """Return properties for a response; None counts as absent."""
    struct = struct_pb2.Struct()
    struct.update({key: value for key, value in props.items() if value is not None})
    return struct


def has_unknown(value: object) -> bool:
    """Tell whether a value is unknown until the update runs, or holds one that is."""
    if isinstance(value, dict):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return value == UNKNOWN


def is_archive(value: object) -> bool:
    """Tell whether a value is an archive as Pulumi writes it."""
    return isinstance(value, dict) and value.get(SIGNATURE) == ARCHIVE


def _plain(value: Any) -> Any:  # noqa: ANN401  (JSON)
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            return _plain(value.get("value"))
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return UNKNOWN if isinstance(value, str) and value in _UNKNOWNS else value
