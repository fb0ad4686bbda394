"""Documents say only what they mean."""

from typing import Any


def given(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """Return the fields that have a value.

    The API server drops empty lists and mappings, so sending them would look like drift at the next refresh.
    """
    return {key: value for key, value in fields.items() if value not in (None, [], {}, "")}
