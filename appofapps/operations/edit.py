"""Edits of a catalog by `aoa`: written as a whole, or refused as a whole."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from appofapps.catalog.catalog import APPS
from appofapps.catalog.document import parse, read_text
from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.locate import Found, locate_all
from appofapps.catalog.problems import CatalogError
from appofapps.operations.refusal import Refusal, RefusedError
from appofapps.operations.roundtrip import Fields, edited
from appofapps.plan.validation import validated

Texts = Mapping[Path, str | None]
"""New texts of files; None takes a file away."""


def child_file(root: Path, child: str) -> tuple[Path, dict[str, Any]]:
    """Return a child's file and what it says, right or wrong. Raises RefusedError for a name that is no child's."""
    found = {str(document["name"]): (file, document) for file, document in _documents(root)}
    if child not in found:
        raise RefusedError([Refusal(child, f"no such child in {root / APPS}", did_you_mean(child, found))])
    return found[child]


def _documents(root: Path) -> Iterable[tuple[Path, dict[str, Any]]]:
    for file in sorted((root / APPS).rglob("*.yaml")):
        try:
            document = parse(file, read_text(file))
        except CatalogError:
            continue
        if isinstance(document, dict) and "name" in document:
            yield file, document


def set_fields(file: Path, fields: Fields, after: str = "") -> str:
    """Return the text of a file with some fields set, as `roundtrip.edited` does.

    Raises RefusedError where the edit would change anything else: the same YAML is read in two ways in rare cases.
    """
    text = read_text(file)
    written = edited(text, fields, after)
    kept = {name: value for name, value in parse(file, text).items() if name not in fields}
    if parse(file, written) != kept | {name: value for name, value in fields.items() if value is not None}:
        hint = "edit it by hand: " + ", ".join(fields)
        raise RefusedError([Refusal(str(file), "cannot be edited without changing more than is asked for", hint)])
    return written


def write(root: Path, texts: Texts, project: Path | None = None, *, keep: bool = True) -> None:
    """Write files of a catalog, and of the project around it, or take it all back where that brings new problems.

    Raises CatalogError with these. What was wrong already is no reason to refuse: an incident does not wait for
    somebody else's file. The check looks at the files in their place, because a catalog may name others by their way
    from there. `project` is the folder of the stacks' files, by default the one around the catalog. Without `keep` it
    only tries, before somebody is asked: all is taken back in any case.
    """
    project = project or root.resolve().parent
    known = {_known(found) for found in _problems(root, project)}
    before = {file: read_text(file) if file.exists() else None for file in texts}
    fine = False
    try:
        _put(texts)
        fresh = [found for found in _problems(root, project) if _known(found) not in known]
        fine = not fresh
    finally:
        if not (fine and keep):
            _put(before)
    if fresh:
        raise CatalogError(replace(found.problem, line=found.line) for found in fresh)


def _put(texts: Texts) -> None:
    for file, text in texts.items():
        put(file, text)


def put(file: Path, text: str | None) -> None:
    """Write one file as a whole, or take it away."""
    if text is None:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)


def _problems(root: Path, project: Path) -> tuple[Found, ...]:
    return locate_all(validated(root, project).problems)


def _known(found: Found) -> tuple[Path, tuple[Any, ...], str]:
    return found.problem.file, found.problem.path, found.problem.message
