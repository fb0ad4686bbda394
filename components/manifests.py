"""`Manifests`: plain Kubernetes YAML, each object a resource of its own."""

from appofapps.catalog.models.manifests import Manifests as ManifestsModel
from appofapps.catalog.objects import cluster_kinds
from components.child import Resources
from components.objects import ObjectsComponent


class Manifests(ObjectsComponent[ManifestsModel]):
    """Objects from files; definitions first, what runs last."""

    def build(self) -> Resources:
        """Make the objects, then the record."""
        code = self.planned.code
        assert code
        objects = [each.document for each in code.objects]
        wide = cluster_kinds(objects) | set(self.planned.child.spec.cluster_scoped)
        return self._record(self._objects(objects, wide, self), code.digest)
