"""`ArgoCdApplication` and `FluxKustomization`: a GitOps controller deploys, we wait for what it says."""

from appofapps.catalog.models.delegated import ArgoCdApplication as ArgoCdApplicationModel
from appofapps.catalog.models.delegated import FluxKustomization as FluxKustomizationModel
from components.child import ChildComponent, Resources
from components.kubernetes.delegated import GIT_REPOSITORY, application, kustomization, repository
from components.kubernetes.gate import custom


class ArgoCdApplication(ChildComponent[ArgoCdApplicationModel]):
    """An Application; ready when Argo CD has synchronised this commit and calls it healthy."""

    def build(self) -> Resources:
        """Make the application."""
        make = custom(self.planned.child.main_object)
        return [self.create(make, "application", application(self.planned), awaited=True)]


class FluxKustomization(ChildComponent[FluxKustomizationModel]):
    """A Kustomization; ready when Flux has applied this commit and all of it is healthy."""

    def build(self) -> Resources:
        """Make the repository, then the Kustomization of it."""
        source = self.create(custom(GIT_REPOSITORY), "repository", repository(self.planned))
        make = custom(self.planned.child.main_object)
        return [self.create(make, "kustomization", kustomization(self.planned), [source], awaited=True)]
