"""The kind `kustomize`: an overlay, rendered while the engine runs."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Literal

from appofapps.catalog.kustomization import problems
from appofapps.catalog.models.child import Source
from appofapps.catalog.models.manifests import Folder
from appofapps.catalog.models.objects import ObjectsChild, ObjectsSpec
from appofapps.catalog.objects import Written
from appofapps.catalog.problems import Problem

OVERLAY = "overlay"


class KustomizeSpec(ObjectsSpec):
    """Where the overlay is."""

    folder: Folder
    """The folder of a `kustomization.yaml`, relative to the catalog; what it is built on lies in the catalog, too."""


class Kustomize(ObjectsChild):
    """Kubernetes objects as an overlay renders them; namespace, labels and owner are set."""

    kind: Literal["kustomize"]
    spec: KustomizeSpec

    @property
    def source(self) -> Source:
        """The folder of the overlay."""
        return Source(self.spec.folder, ("spec", "folder"))

    def examine(self, folder: Path, objects: tuple[Written, ...], file: Path) -> Iterator[Problem]:
        """Refuse what leads out of the catalog, runs programs, or is no object of one namespace."""
        del objects
        catalog = folder.parents[len(PurePosixPath(self.spec.folder).parts) - 1]
        yield from problems(folder, catalog, file, self.spec.cluster_scoped)
