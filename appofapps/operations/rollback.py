"""Back to a release that was good: an edit of the child's file, which the next `up` deploys like any other."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.load import read
from appofapps.catalog.models.child import Source
from appofapps.catalog.releases import FIELDS, Release, environments_of, read_releases
from appofapps.operations.edit import child_file, set_fields, write
from appofapps.operations.refusal import Refusal, RefusedError
from appofapps.operations.releases import current, value_at, with_value
from appofapps.operations.roundtrip import Fields


@dataclass(frozen=True, slots=True)
class RollbackReport:
    """A child's file, gone back to a release."""

    child: str
    file: Path
    environment: str
    """Where the release was good."""
    old_version: str
    new_version: str
    fields: tuple[str, ...]
    """What changed in the file."""
    recorded: str
    """When the release was seen ready."""
    paused: bool
    """The child is paused: nothing follows before `aoa resume`."""


def rollback(root: Path, child: str, environment: str = "", to: str = "") -> RollbackReport:
    """Take a child's file back to the last release that was good and is not what it says now, or to a version.

    Raises RefusedError where there is no such release, CatalogError where the catalog would be wrong with it: a pin
    holds another version, a contract that others need is not provided any more.
    """
    file, document = child_file(root, child)
    environment = environment or _environment(root, child)
    catalog = read(root).catalog
    # A file that does not load is a reason to go back, not one to refuse.
    now = current(catalog, environment, child) if catalog and child in catalog.children else None
    release = _release(root, child, environment, to, now)
    if release.kind != document.get("kind"):
        message = f"was a {release.kind} in {release.version} and is a {document.get('kind')} now"
        raise RefusedError([Refusal(child, message, f"git log {file} has the file of that time")])
    source = catalog.children[child].source if catalog and child in catalog.children else None
    fields = _fields(release, document, now, source)
    write(root, {file: set_fields(file, fields, after="version")})
    changed = tuple(name for name, value in fields.items() if document.get(name) != value)
    return RollbackReport(
        child, file, environment, str(document.get("version")), release.version, changed,
        f"{release.recorded:%Y-%m-%d %H:%M}", paused=bool(document.get("paused")),
    )  # fmt: skip


def _environment(root: Path, child: str) -> str:
    known = environments_of(root, child)
    if len(known) == 1:
        return known[0]
    if known:
        raise RefusedError([Refusal(child, f"was good in {', '.join(known)}", f"say which: --env {known[0]}")])
    hint = "after a deployment that is good, record it: aoa release record --env E"
    raise RefusedError([Refusal(child, "no release of it was recorded anywhere", hint)])


def _release(root: Path, child: str, environment: str, to: str, now: Fields | None) -> Release:
    known = read_releases(root, environment, child)
    fitting = [each for each in known if (each.version == to if to else now is None or each.fields != now)]
    if fitting:
        return fitting[-1]
    versions = list(dict.fromkeys(each.version for each in reversed(known)))
    if to:
        message = f"{to} was not recorded as good in {environment}"
        raise RefusedError([Refusal(child, message, did_you_mean(to, versions) if versions else _record(environment))])
    message = f"no other release was recorded as good in {environment}"
    raise RefusedError([Refusal(child, message, f"its file is that release: {versions[0]}" if versions else
                                _record(environment))])  # fmt: skip


def _record(environment: str) -> str:
    return f"after a deployment that is good: aoa release record --env {environment}"


def _fields(release: Release, document: dict[str, Any], now: Fields | None, source: Source | None) -> dict[str, Any]:
    """Return the fields to write; None for those the release had not. Code that is still in its folder stays there."""
    fields: dict[str, Any] = {
        name: release.fields.get(name) for name in FIELDS if name in release.fields or name in document
    }
    digest = value_at(release.fields, source.digest_at) if source and source.digest_at else None
    if now and source and digest and value_at(now, source.digest_at) == digest:
        for path in (source.at, source.digest_at):
            fields = with_value(fields, path, value_at(document, path))
    return fields
