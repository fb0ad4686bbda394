"""`Kustomize`: an overlay that the provider renders."""

import pulumi

from appofapps.catalog.models.kustomize import OVERLAY
from appofapps.catalog.models.kustomize import Kustomize as KustomizeModel
from appofapps.plan.plan import PlannedChild
from components.child import Resources
from components.objects import RenderedComponent
from components.rendering import Documents, overlay


class Kustomize(RenderedComponent[KustomizeModel]):
    """Objects as an overlay renders them."""

    TYPE = "kubernetes:kustomize/v2:Directory"
    PART = OVERLAY

    @classmethod
    def ask(cls, planned: PlannedChild[KustomizeModel], provider: pulumi.ProviderResource) -> Documents:
        """Return the overlay's objects."""
        return overlay(planned, provider)

    def build(self) -> Resources:
        """Make the objects, and the record after them."""
        assert self.planned.code
        return self._record(self._rendered(), self.planned.code.digest)
