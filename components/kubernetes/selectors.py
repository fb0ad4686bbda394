"""Selectors of the catalog as Kubernetes writes them."""

from typing import Any

from appofapps.catalog.models.base import Selector


def expressions(selector: Selector) -> list[dict[str, Any]]:
    """Return what has to hold of labels, line by line."""
    return [
        {"key": key, "operator": "In", "values": [values] if isinstance(values, str) else list(values)}
        for key, values in selector.items()
    ]
