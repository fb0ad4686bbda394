"""Checks over a whole catalog: everything that can be known wrong before the engine runs."""

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.models.parent import StackTarget


def check(catalog: Catalog, target: StackTarget | None = None) -> None:
    """Raise CatalogError with every problem of a catalog, and of a target in it."""
