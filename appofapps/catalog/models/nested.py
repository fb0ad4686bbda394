"""The kind `parent`: a whole parent app, from a catalog of its own, as a child of this one."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from appofapps.catalog.models.base import Model
from appofapps.catalog.models.child import ChildFile


class GitSource(Model):
    """A catalog in a Git repository, at one commit: what a branch or tag names may change, a commit does not."""

    url: Annotated[str, Field(pattern=r"^(https|ssh|file)://\S+$")]
    commit: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
    path: Annotated[str, Field(pattern=r"^[^/][^:]*$")] = "."
    """The folder of `parent.yaml` in the repository."""


class NestedSpec(Model):
    """Where the nested parent's catalog is: exactly one of the two."""

    catalog: Annotated[str, Field(pattern=r"^[^/][^:]*$")] | None = None
    """A folder, relative to this catalog; it may lie outside: `../platform/catalog`."""
    git: GitSource | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.catalog is None) == (self.git is None):
            msg = "give exactly one of catalog, git"
            raise ValueError(msg)
        return self


class NestedParent(ChildFile):
    """A nested parent. Its children become children of this catalog, named `<this name>-<child>`.

    They run in this catalog's environments and clusters, start after what this file `needs`, and are all waited for by
    what needs this child. `version` is that of the nested `parent.yaml`, whose deletion budget and defaults hold for
    them. `labels`, `target`, `paused` and `cost_centre` of this file apply to all of them, `pinned` to `version`; its
    other fields have no meaning and are refused.
    """

    MEANT: ClassVar[frozenset[str]] = frozenset({
        "api_version", "kind", "name", "description", "version", "owner", "labels", "needs", "target", "paused",
        "pinned", "cost_centre", "spec",
    })  # fmt: skip

    kind: Literal["parent"]
    spec: NestedSpec

    @model_validator(mode="after")
    def _says_nothing_without_meaning(self) -> Self:
        useless = sorted(self.model_fields_set - self.MEANT)
        if useless:
            msg = f"a nested parent has no {', '.join(useless)}: give it to its children, in their own files"
            raise ValueError(msg)
        return self
