"""The files of releases: what a child's file says now, kept with its code; the oldest go."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.code import code_files
from appofapps.catalog.document import parse, read_text
from appofapps.catalog.models.child import Where
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
from appofapps.operations.roundtrip import Fields


def keep(root: Path, environment: str, child: str, catalog: Catalog, now: datetime) -> bool:
    """Keep what a child's file says now as its newest release; False where it was that already."""
    fields, model = current(catalog, environment, child), catalog.children[child]
    release = Release(kind=model.kind, version=model.version, recorded=now, by=me(), fields=fields)
    before = read_releases(root, environment, child)
    if before and before[-1].fields == release.fields:
        return False
    others = tuple(each for each in before if each.fields != release.fields)
    kept = (*others, release)[-KEPT:]
    _keep_code(root, environment, catalog, child)
    put(releases_file(root, environment, child), releases_text(environment, child, kept))
    _drop_code(root, environment, child, kept)
    return True


def current(catalog: Catalog, environment: str, child: str) -> dict[str, Any]:
    """Return what a child's file says now of what comes with a release, the code named as it is kept."""
    file = catalog.files[child]
    document = parse(file, read_text(file))
    fields: dict[str, Any] = {name: document[name] for name in FIELDS if name in document}
    folder, source = _kept(catalog, environment, child), catalog.children[child].source
    if folder and source:
        fields = with_value(fields, source.at, folder)
        fields = with_value(fields, source.digest_at, catalog.code[child].digest)
    return fields


def _kept(catalog: Catalog, environment: str, child: str) -> str:
    """Return where the code of a child is kept with its release; empty where its file cannot name it by a digest."""
    code, source = catalog.code.get(child), catalog.children[child].source
    kept = code and source and source.digest_at
    return code_folder(environment, child, catalog.children[child].version, code.digest) if code and kept else ""


def value_at(fields: Fields, path: Where) -> Any:  # noqa: ANN401 - any JSON
    """Return what stands at a path; None where nothing does."""
    found: Any = fields
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def with_value(fields: Fields, path: Where, value: object) -> dict[str, Any]:
    """Return fields with another value at a path; None leaves the path out."""
    first, *rest = (str(step) for step in path)
    inner = with_value(fields.get(first) or {}, tuple(rest), value) if rest else value
    return {**{key: each for key, each in fields.items() if key != first}, **({} if inner is None else {first: inner})}


def _keep_code(root: Path, environment: str, catalog: Catalog, child: str) -> None:
    folder = _kept(catalog, environment, child)
    if not folder or (root / folder).exists():
        return
    for name, file in code_files(catalog.code[child].folder).items():
        (root / folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, root / folder / name)


def _drop_code(root: Path, environment: str, child: str, kept: Iterable[Release]) -> None:
    used = {text for each in kept for text in _texts(each.fields)}
    for folder in _folders(root / RELEASES / environment / child):
        if folder.relative_to(root).as_posix() not in used:
            shutil.rmtree(folder)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


def _folders(parent: Path) -> Iterator[Path]:
    if parent.is_dir():
        yield from (folder for folder in sorted(parent.iterdir()) if folder.is_dir())
