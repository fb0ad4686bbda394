"""`Manifests`: plain Kubernetes YAML, each object a resource of its own."""

from collections.abc import Iterable

from appofapps.catalog.models.manifests import Manifests as ManifestsModel
from appofapps.catalog.objects import Document, cluster_kinds, resource
from components.child import Resources
from components.kubernetes.objects import RUNNING, dressed, is_way_in
from components.object import Object
from components.objects import ObjectsComponent

_DEFINITION = "CustomResourceDefinition"


class Manifests(ObjectsComponent[ManifestsModel]):
    """Objects from files; definitions first, what runs last."""

    def build(self) -> Resources:
        """Make the definitions, what only has to be there, what runs, the ways in from outside, and the record."""
        code = self.planned.code
        assert code
        objects = [each.document for each in code.objects]
        self._wide = cluster_kinds(objects) | set(self.planned.child.spec.cluster_scoped)
        definitions = [each for each in objects if each["kind"] == _DEFINITION]
        running = [each for each in objects if each["kind"] in RUNNING]
        ways_in = [each for each in objects if is_way_in(each)]
        others = [each for each in objects if each["kind"] not in RUNNING | {_DEFINITION} and not is_way_in(each)]
        defined = self._make(definitions, self.scene.after)
        there = self._make(others, [*self.scene.after, *defined])
        run = self._make(running, [*self.scene.before_pods, *defined, *there])
        reached = self._make(ways_in, [*self.scene.after, *run])  # ready when there are pods behind them
        return self._record([*self.scene.after, *defined, *there, *run, *reached], code.digest)

    def _make(self, documents: Iterable[Document], after: Resources) -> Resources:
        return [self._object(each, after) for each in documents]

    def _object(self, document: Document, after: Resources) -> Object:
        name, planned = resource(document), self.planned
        mine = dressed(planned, document, namespaced=document["kind"] not in self._wide)
        return self.create_object(name, mine, after, awaited=True)
