"""The kind `manifests`: plain Kubernetes YAML."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.models.child import Source
from appofapps.catalog.models.objects import ObjectsChild, ObjectsSpec
from appofapps.catalog.objects import Written, problems, read_objects, resource
from appofapps.catalog.problems import Problem

Folder = Annotated[str, Field(pattern=r"^[^/.][^:]*$")]
"""A folder of the catalog, relative to it."""


class ManifestsSpec(ObjectsSpec):
    """Where the objects are."""

    folder: Folder
    """The folder of YAML files, relative to the catalog; all of them are read, folders within it included."""
    digest: Annotated[str, Field(pattern=r"^sha256:[a-f0-9]{64}$")] | None = None
    """The expected hash of the folder; None accepts what it holds."""


class Manifests(ObjectsChild):
    """Kubernetes objects as their files say; namespace, labels and owner are set."""

    kind: Literal["manifests"]
    spec: ManifestsSpec

    @property
    def source(self) -> Source:
        """The folder of its files."""
        return Source(self.spec.folder, ("spec", "folder"), self.spec.digest, ("spec", "digest"))

    def objects(self, folder: Path) -> tuple[Written, ...]:
        """Return what the files hold."""
        return read_objects(folder)

    def examine(self, folder: Path, objects: tuple[Written, ...], file: Path) -> Iterator[Problem]:
        """Refuse what is no object of one namespace, secrets, and patches of what is not there."""
        found = tuple(problems(objects, self.spec.cluster_scoped))
        yield from found
        if not objects:
            yield Problem(file, ("spec", "folder"), f"spec.folder: {folder.name!r} holds no YAML files")
        if not found:
            yield from self._unaddressed(file, {resource(each.document) for each in objects})

    def _unaddressed(self, file: Path, names: set[str]) -> Iterator[Problem]:
        for index, patch in enumerate(self.patches):
            if "/" in patch.resource and patch.resource not in names:
                message = f"patches: {patch.resource!r}: no such object in {self.spec.folder!r}"
                hint = did_you_mean(patch.resource, names)
                yield Problem(file, ("patches", index, "resource"), message, hint)
