"""The files of releases: what a child's file says now, kept with its code; the oldest go."""

import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.code import code_files
from appofapps.catalog.document import parse, read_text
from appofapps.catalog.releases import (
    FIELDS,
    KEPT,
    RELEASES,
    Release,
    code_folder,
    read_releases,
    releases_file,
    releases_text,
)
from appofapps.operations.edit import put
from appofapps.operations.people import me


def keep(root: Path, environment: str, child: str, catalog: Catalog, now: datetime) -> bool:
    """Keep what a child's file says now as its newest release; False where it was that already."""
    fields, model = current(catalog, environment, child), catalog.children[child]
    release = Release(kind=model.kind, version=model.version, recorded=now, by=me(), fields=fields)
    before = read_releases(root, environment, child)
    if before and before[-1].fields == release.fields:
        return False
    others = tuple(each for each in before if each.fields != release.fields)
    kept = (*others, release)[-KEPT:]
    _keep_code(root, release, catalog, child)
    put(releases_file(root, environment, child), releases_text(environment, child, kept))
    _drop_code(root, environment, child, kept)
    return True


def current(catalog: Catalog, environment: str, child: str) -> dict[str, Any]:
    """Return what a child's file says now of what comes with a release, the code named as it is kept."""
    file = catalog.files[child]
    document = parse(file, read_text(file))
    fields: dict[str, Any] = {name: document[name] for name in FIELDS if name in document}
    code = catalog.code.get(child)
    if code:
        kept = code_folder(environment, child, document["version"], code.digest)
        fields["spec"] = {**fields["spec"], "code": kept, "digest": code.digest}
    return fields


def _keep_code(root: Path, release: Release, catalog: Catalog, child: str) -> None:
    code = catalog.code.get(child)
    folder = root / release.fields["spec"]["code"] if code else None
    if code and folder and not folder.exists():
        for name, file in code_files(code.folder).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, folder / name)


def _drop_code(root: Path, environment: str, child: str, kept: Iterable[Release]) -> None:
    used = {str(each.fields["spec"].get("code", "")) for each in kept}
    for folder in _folders(root / RELEASES / environment / child):
        if folder.relative_to(root).as_posix() not in used:
            shutil.rmtree(folder)


def _folders(parent: Path) -> Iterator[Path]:
    if parent.is_dir():
        yield from (folder for folder in sorted(parent.iterdir()) if folder.is_dir())
