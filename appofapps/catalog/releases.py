"""What was good: the releases of a child that were seen ready in an environment, kept beside the catalog.

`releases/<environment>/<child>.yaml` holds them, the newest last; the code of a function or a chart in
`releases/<environment>/<child>/<version>-<hash>/`. `aoa release record` writes them, `aoa rollback` reads them, and
nobody else does: what is deployed is what `apps/` says.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import Field, ValidationError

from appofapps.catalog.document import parse, read_text
from appofapps.catalog.explain import explain
from appofapps.catalog.models.base import API_VERSION, File, Model, Name, SemanticVersion
from appofapps.catalog.problems import CatalogError

RELEASES: Final = "releases"
KEPT: Final = 5
"""How many releases of a child are kept in an environment."""
FIELDS: Final = ("version", "needs", "provides", "consumes", "secrets", "spec")
"""What comes with a release. The rest of a file is its operators': sizes, targets, owners, quotas, patches, holds."""
HEADER: Final = "# Written by `aoa release record`; the newest is the last. `aoa rollback` goes back to one of these.\n"


class Release(Model):
    """One release, as its file said it when it was seen ready."""

    kind: str
    version: SemanticVersion
    recorded: datetime
    by: str
    fields: dict[str, Any]
    """Those of `FIELDS` that the child's file had; `spec.code` and `spec.digest`, of a chart `folder` and
    `digest`, mean the code that is kept here."""


class ReleasesFile(File):
    """The releases of one child in one environment."""

    kind: Literal["releases"] = "releases"
    child: Name
    environment: Name
    releases: Annotated[tuple[Release, ...], Field(min_length=1)]


def releases_file(root: Path, environment: str, child: str) -> Path:
    """Return where the releases of a child in an environment are kept."""
    return root / RELEASES / environment / f"{child}.yaml"


def code_folder(environment: str, child: str, version: str, digest: str) -> str:
    """Return where the code of a release is kept, relative to the catalog."""
    return f"{RELEASES}/{environment}/{child}/{version}-{digest.removeprefix('sha256:')[:12]}"


def environments_of(root: Path, child: str) -> tuple[str, ...]:
    """Return the environments that have releases of a child."""
    return tuple(sorted(file.parent.name for file in root.glob(f"{RELEASES}/*/{child}.yaml")))


def read_releases(root: Path, environment: str, child: str) -> tuple[Release, ...]:
    """Return the releases of a child in an environment, the newest last; none where nothing was recorded.

    Raises CatalogError for a file that somebody broke.
    """
    file = releases_file(root, environment, child)
    if not file.exists():
        return ()
    document = parse(file, read_text(file))
    try:
        return ReleasesFile.model_validate(document).releases
    except ValidationError as error:
        raise CatalogError(explain(file, document, error, ReleasesFile)) from None


def releases_text(environment: str, child: str, releases: tuple[Release, ...]) -> str:
    """Return the text of a file of releases."""
    document = {"apiVersion": API_VERSION, "kind": "releases", "child": child, "environment": environment}
    entries = [{**each.model_dump(exclude={"recorded"}), "recorded": f"{each.recorded:%Y-%m-%dT%H:%M:%SZ}"}
               for each in releases]  # fmt: skip
    ordered = [{name: entry[name] for name in Release.model_fields} for entry in entries]
    return HEADER + yaml.safe_dump({**document, "releases": ordered}, sort_keys=False, allow_unicode=True, width=120)
