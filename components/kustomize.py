"""`Kustomize`: an overlay that the provider renders."""

import os

from appofapps.catalog.models.kustomize import OVERLAY
from appofapps.catalog.models.kustomize import Kustomize as KustomizeModel
from components.child import Resources
from components.objects import RenderedComponent, Rendering


class Kustomize(RenderedComponent[KustomizeModel]):
    """Objects as an overlay renders them."""

    def build(self) -> Resources:
        """Let the provider render and make the objects, and make the record after them."""
        code, name = self.planned.code, f"{self.planned.logical_name}/{OVERLAY}"
        assert code
        inputs = {
            # Relative, so that the state holds no directory of somebody's machine.
            "directory": os.path.relpath(code.folder),
            "namespace": self.planned.name,
            "resourcePrefix": name,
        }
        overlay = Rendering("kustomize/v2:Directory", name, inputs, self._rendering())
        # Not the component alone: in a deletion, the objects are what has to wait for the dependents.
        return self._record(overlay.resources, code.digest)
