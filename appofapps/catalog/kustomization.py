"""Kustomize overlays: what they are built on, and what is refused of them before they are rendered.

https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ says which fields there are.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from appofapps.catalog import objects
from appofapps.catalog.objects import Written, read_file
from appofapps.catalog.problems import CatalogError, Problem, Step

FILES: Final = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_BUILT_ON: Final = ("resources", "bases", "components", "crds")
_LISTS: Final = (*_BUILT_ON, "patchesStrategicMerge", "configurations", "files", "envs")
_SINGLE: Final = ("path", "env")
_REFUSED: Final = {
    **dict.fromkeys(
        ("helmCharts", "helmGlobals", "helmChartInflationGenerator"), "make the chart a child of kind `helm`"
    ),
    **dict.fromkeys(("generators", "transformers", "validators"), "plugins run programs: render what they make"),
    "secretGenerator": objects.REFERENCE,
    "namespace": "the child's own is set, in every environment another: remove it",
}
"""Fields that no overlay of ours may have, and what to do instead."""
_ELSEWHERE: Final = ("://", "::", "?ref=", "github.com/", "git@")
"""What makes kustomize take a path for an address."""


def problems(folder: Path, catalog: Path, child: Path, allowed: Collection[str]) -> Iterator[Problem]:
    """Yield what is refused of an overlay, and of everything in the catalog that it is built on."""
    if kustomization(folder) is None:
        message = f"spec.folder: {folder.name!r} has no kustomization.yaml"
        yield Problem(child, ("spec", "folder"), message, "write one, or make it a child of kind `manifests`")
        return
    walk = _Walk(catalog)
    try:
        yield from walk.folder(folder)
        yield from objects.problems(walk.written, allowed)
    except CatalogError as error:
        yield from error.problems


def kustomization(folder: Path) -> Path | None:
    """Return the kustomization file of a folder."""
    return next((folder / name for name in FILES if (folder / name).is_file()), None)


@dataclass
class _Walk:
    """Follows an overlay to its bases."""

    catalog: Path
    written: list[Written] = field(default_factory=list)
    """The objects on the way."""
    seen: set[Path] = field(default_factory=set)

    def folder(self, folder: Path) -> Iterator[Problem]:
        """Yield what is refused of one folder and what it is built on."""
        file = kustomization(folder)
        if folder in self.seen or file is None:
            return
        self.seen.add(folder)
        for written in read_file(file):
            for key in _REFUSED.keys() & written.document.keys():
                yield written.problem((key,), f"{key}: not in a child's overlay", _REFUSED[key])
            for path, name in _paths(written.document, ()):
                yield from self._entry(written, path, name)

    def _entry(self, written: Written, path: tuple[Step, ...], name: str) -> Iterator[Problem]:
        target = (written.file.parent / name).resolve()
        if any(mark in name for mark in _ELSEWHERE) or not target.is_relative_to(self.catalog):
            yield written.problem(path, f"{name!r} is outside the catalog", "copy it into the catalog")
        elif not target.exists():
            yield written.problem(path, f"{name!r}: no such file or folder", "paths are relative to this file")
        elif target.is_dir() and kustomization(target) is None:
            yield written.problem(path, f"{name!r} has no kustomization.yaml", "write one")
        elif target.is_dir():
            yield from self.folder(target)
        elif path[0] in _BUILT_ON:
            self.written += read_file(target)


def _paths(value: object, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Yield the paths that a kustomization names, with where each stands."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in _LISTS and isinstance(inner, list):
                yield from (((*path, key, index), _path(each)) for index, each in enumerate(inner) if _is_path(each))
            elif key in _SINGLE and isinstance(inner, str):
                yield (*path, key), inner
            else:
                yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _paths(inner, (*path, index))


def _is_path(value: object) -> bool:
    """Tell a path from a patch that is given in place."""
    return isinstance(value, str) and "\n" not in value


def _path(value: str) -> str:
    """Return the path of an entry that may give the file a key: `app.ini=settings/app.ini`."""
    return value.rpartition("=")[2] if "?" not in value else value
