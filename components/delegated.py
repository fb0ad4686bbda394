"""`ArgoCdApplication` and `FluxKustomization`: a GitOps controller deploys, we wait for what it says."""

from appofapps.catalog.models.delegated import ArgoCdApplication as ArgoCdApplicationModel
from appofapps.catalog.models.delegated import FluxKustomization as FluxKustomizationModel
from components.child import ChildComponent, Resources
from components.kubernetes.delegated import application, kustomization, repository


class ArgoCdApplication(ChildComponent[ArgoCdApplicationModel]):
    """An Application; ready when Argo CD has synchronised this commit and calls it healthy."""

    def build(self) -> Resources:
        """Make the application."""
        return [self.create_object("application", application(self.planned), awaited=True)]


class FluxKustomization(ChildComponent[FluxKustomizationModel]):
    """A Kustomization; ready when Flux has applied this commit and all of it is healthy."""

    def build(self) -> Resources:
        """Make the repository, then the Kustomization of it."""
        source = self.create_object("repository", repository(self.planned))
        return [self.create_object("kustomization", kustomization(self.planned), [source], awaited=True)]
