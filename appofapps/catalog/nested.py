"""The catalogs of nested parents: found, read, and held against what the file around them says."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.explain import dotted
from appofapps.catalog.git import FetchError, fetched
from appofapps.catalog.models.nested import NestedParent
from appofapps.catalog.nesting import flattened, qualified
from appofapps.catalog.problems import CatalogError, Problem, Step

PARENT: Final = "parent.yaml"

Around = tuple[Path, ...]
"""The catalogs that one is nested in, the outermost first."""
Read = Callable[[Path, Around], tuple[Catalog | None, tuple[Problem, ...]]]


def take_apart(catalog: Catalog, around: Around, read: Read) -> tuple[Catalog, tuple[Problem, ...]]:
    """Return a catalog with its nested parents replaced by their children, and what is wrong with those.

    `around` ends with the catalog itself. A nested catalog that cannot be read has no children.
    """
    found: dict[str, Catalog] = {}
    problems: list[Problem] = []
    for child in catalog.children.values():
        if isinstance(child, NestedParent):
            inner, wrong = _read_one(catalog, child, around, read)
            nothing = replace(catalog, children={}, code={}, files={}, parents={}, nested_in={}, broken={})
            found[child.name] = inner or nothing
            problems += wrong
    return flattened(catalog, found), tuple(problems)


def _read_one(
    outer: Catalog, child: NestedParent, around: Around, read: Read
) -> tuple[Catalog | None, tuple[Problem, ...]]:
    try:
        inner, problems = read(_root(outer, child, around), around)
    except CatalogError as error:
        return None, error.problems
    return inner, (*problems, *_mismatches(outer, child, inner))


def _root(outer: Catalog, child: NestedParent, around: Around) -> Path:
    """Return the folder of a nested catalog. Raises CatalogError."""
    file = outer.files[child.name]
    folder, path = _folder(outer, child, file)
    if not (folder / PARENT).is_file():
        message = f"{dotted(path)}: there is no {PARENT} in {folder.name!r}"
        raise CatalogError([Problem(file, path, message, "give the folder of the nested parent's parent.yaml")])
    if folder in around:
        circle = " -> ".join(each.name for each in (*around[around.index(folder) :], folder))
        message = f"{dotted(path)}: nested parents contain each other: {circle}"
        raise CatalogError([Problem(file, path, message, "a parent cannot be inside itself: remove one of them")])
    return folder


def _folder(outer: Catalog, child: NestedParent, file: Path) -> tuple[Path, tuple[Step, ...]]:
    source = child.spec.git
    if source is None:
        return (outer.root / str(child.spec.catalog)).resolve(), ("spec", "catalog")
    try:
        return (fetched(source.url, source.commit) / source.path).resolve(), ("spec", "git", "path")
    except FetchError as error:
        message = f"spec.git: {source.url} at {source.commit[:12]}: {error}"
        hint = "is the commit pushed, and may this machine read the repository?"
        raise CatalogError([Problem(file, ("spec", "git", "commit"), message, hint)]) from None


def _mismatches(outer: Catalog, child: NestedParent, inner: Catalog | None) -> Iterator[Problem]:
    file = outer.files[child.name]
    for name in outer.children:
        if name.startswith(qualified(child.name, "")):
            message = f"name: {name!r} reads like a child of the nested parent {child.name!r}"
            yield Problem(outer.files[name], ("name",), message, "rename one of the two")
    if inner is not None and inner.parent.version != child.version:
        message = f"version: {child.version}, but the nested parent is at {inner.parent.version}"
        yield Problem(file, ("version",), message, f"write {inner.parent.version} if that is what should run")
