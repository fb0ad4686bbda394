"""New children in a catalog."""

from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from appofapps.catalog.catalog import APPS, Catalog
from appofapps.catalog.explain import in_words
from appofapps.catalog.load import read
from appofapps.catalog.models.base import Name
from appofapps.catalog.models.child import Placement
from appofapps.catalog.problems import CatalogError, Problem
from appofapps.catalog.starter import Kind, starting_files

CALLING: Final = frozenset({"route", "mesh"})
"""The kinds that are about other children, and cannot be without one."""


def write_child(root: Path, kind: Kind, name: str, team: str) -> tuple[Path, ...]:
    """Write the starting files of a child and return their paths.

    Raises CatalogError, and writes nothing, when a name is none, or anything of this name is there already.
    """
    for value in (name, team):
        try:
            TypeAdapter(Name).validate_python(value)
        except ValidationError:
            raise CatalogError([Problem(root, (), f"{value!r} is not {in_words(Name)}")]) from None
    catalog = read(root).catalog
    neighbour = _neighbour(catalog) if kind in CALLING else ""
    if kind in CALLING and not neighbour:
        raise CatalogError([Problem(root, (), f"a {kind} needs a child that opens a port", "write a workload first")])
    texts = {root / file: text for file, text in starting_files(kind, name, team, neighbour).items()}
    taken = [file for file in texts if file.exists()]
    taken += [catalog.files[name]] if catalog and name in catalog.files else []
    if taken:
        hint = "choose another name, or edit that file"
        raise CatalogError(Problem(file, (), f"{name!r} is there already", hint) for file in dict.fromkeys(taken))
    if not (root / APPS).is_dir():
        raise CatalogError([Problem(root, (), f"holds no {APPS}/: not a catalog", "give its folder: --catalog DIR")])
    for file, text in texts.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tuple(texts)


def _neighbour(catalog: Catalog | None) -> str:
    """Return the first child, by name, that others can call wherever they are; empty when there is none."""
    children = catalog.children.values() if catalog else ()
    found = sorted(child.name for child in children if child.open_ports and child.target == Placement())
    return found[0] if found else ""
