"""The kinds `argocd-application` and `flux-kustomization`: a GitOps controller deploys, we wait for what it says."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from appofapps.catalog.models.base import LabelValue, Model, Name, Seconds
from appofapps.catalog.models.child import TENANCY_RESOURCES, ChildFile, ObjectType

ARGO = "argoproj.io/v1alpha1"
FLUX = "kustomize.toolkit.fluxcd.io/v1"
FLUX_SOURCE = "source.toolkit.fluxcd.io/v1"


class Committed(Model):
    """A folder of a Git repository at one commit."""

    repository: Annotated[str, Field(pattern=r"^(https://|ssh://)[^\s=]+$")]
    path: Annotated[str, Field(pattern=r"^[^/\s=][^\s=]*$")] = "."
    revision: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
    """A commit: a branch would deploy what nobody reviewed here, and could never be told from what runs."""


class ArgoCdSpec(Committed):
    """What Argo CD deploys into the child's namespace."""

    project: Name = "default"
    prune: bool = True
    """Whether it removes what is no longer in the folder."""
    self_heal: bool = True
    """Whether it puts back what others change."""


class FluxSpec(Committed):
    """What Flux deploys into the child's namespace."""

    interval: Seconds = 600
    """Between two looks at the cluster."""
    prune: bool = True
    secret: Name | None = None
    """Credentials of the repository: a Secret of the child's namespace."""
    substitute: dict[Annotated[str, Field(pattern=r"^[A-Za-z_]\w*$")], LabelValue] = {}
    """Values of `${NAME}` in the folder."""


class Delegated(ChildFile):
    """A child that a controller of others deploys."""

    CONTROLLER: ClassVar[str]
    """Who that is, in a sentence."""

    @property
    def credentials(self) -> tuple[str, ...]:
        """Those of what deploys it, besides."""
        return (*super().credentials, f"what {self.CONTROLLER} deploys with rights of its own")

    @property
    def brings_definitions(self) -> bool:
        """What is deployed may be definitions."""
        return True


class ArgoCdApplication(Delegated):
    """An Application of Argo CD."""

    CONTROLLER: ClassVar[str] = "Argo CD"
    RESOURCES: ClassVar[frozenset[str]] = TENANCY_RESOURCES | {"application"}

    kind: Literal["argocd-application"]
    spec: ArgoCdSpec

    @property
    def may_have_volumes(self) -> bool:
        """What Argo CD deploys in its namespace may claim some."""
        return True

    @property
    def main_resource(self) -> str:
        """The application."""
        return "application"

    @property
    def main_object(self) -> ObjectType:
        """The application."""
        return ObjectType(ARGO, "applications", "Application")


class FluxKustomization(Delegated):
    """A Kustomization of Flux, and the repository it reads."""

    CONTROLLER: ClassVar[str] = "Flux"
    RESOURCES: ClassVar[frozenset[str]] = TENANCY_RESOURCES | {"repository", "kustomization"}

    kind: Literal["flux-kustomization"]
    spec: FluxSpec

    @property
    def may_have_volumes(self) -> bool:
        """What Flux deploys in its namespace may claim some."""
        return True

    @property
    def main_resource(self) -> str:
        """The Kustomization."""
        return "kustomization"

    @property
    def main_object(self) -> ObjectType:
        """The Kustomization."""
        return ObjectType(FLUX, "kustomizations", "Kustomization")
