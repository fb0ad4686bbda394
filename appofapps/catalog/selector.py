"""Selectors, combined."""

from appofapps.catalog.models.base import Selector


def both(one: Selector, other: Selector) -> Selector:
    """Return a selector that matches what both match; where they contradict each other it matches nothing."""
    shared = {key: tuple(v for v in _values(one[key]) if v in _values(other[key])) for key in one if key in other}
    return {**one, **other, **shared}


def _values(wanted: str | tuple[str, ...]) -> tuple[str, ...]:
    return (wanted,) if isinstance(wanted, str) else wanted
