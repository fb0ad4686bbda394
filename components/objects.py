"""What all kinds have whose Kubernetes objects others wrote: the record, which stands for the child's readiness."""

from collections.abc import Collection, Iterable
from typing import ClassVar, Final, TypeVar

import pulumi

from appofapps.catalog.models.objects import RECORD, ObjectsChild
from appofapps.catalog.objects import Document, has_secret, resource
from appofapps.plan.patches import patched
from appofapps.plan.plan import PlannedChild
from components.child import ChildComponent, Resources
from components.kubernetes.objects import dressed, in_order, record
from components.object import Object
from components.rendering import Documents, refuse

B = TypeVar("B", bound=ObjectsChild)

_KEEP: Final = {"helm.sh/resource-policy": "keep"}
"""The annotation by which a chart says that an object outlives it."""


class ObjectsComponent(ChildComponent[B]):
    """A child whose objects others wrote."""

    def _objects(self, documents: Iterable[Document], wide: Collection[str], around: pulumi.Resource) -> Resources:
        """Make the definitions, then what only has to be there, then what runs, then the ways in from outside.

        Kinds in `wide` are in no namespace. Return what the record waits for.
        """
        definitions, others, running, ways_in = in_order(documents)

        def make(some: Iterable[Document], after: Resources) -> Resources:
            return [self._object(each, after, around, namespaced=each["kind"] not in wide) for each in some]

        defined = make(definitions, self.scene.after)
        there = make(others, [*self.scene.after, *defined])
        run = make(running, [*self.scene.before_pods, *defined, *there])
        reached = make(ways_in, [*self.scene.after, *run])  # ready when there are pods behind them
        return [*self.scene.after, *defined, *there, *run, *reached]

    def _object(self, document: Document, after: Resources, around: pulumi.Resource, *, namespaced: bool) -> Object:
        planned, options = self.planned, self._options(after, awaited=True)
        options.parent = around
        if (document["metadata"].get("annotations") or {}).items() >= _KEEP.items():
            options.retain_on_delete = True
        mine = patched(planned.child, resource(document), dressed(planned, document, namespaced=namespaced))
        return Object(self._logical_name(document), _sealed(mine), options)

    def _logical_name(self, document: Document) -> str:
        return f"{self.planned.logical_name}/{resource(document)}"

    def _record(self, after: Resources, digest: str) -> Resources:
        """Make the record after everything else, and return it."""
        planned, options = self.planned, self._options(after, awaited=False)
        document = patched(planned.child, RECORD, record(planned, digest))
        return [Object(f"{planned.logical_name}/{RECORD}", document, options)]


class RenderedComponent(ObjectsComponent[B]):
    """A child whose objects the provider renders."""

    SECRETS_ALLOWED: ClassVar[bool] = False
    """Whether secret values may come out of the rendering; they are encrypted in the state."""
    TYPE: ClassVar[str]
    """That of the component around the objects: the provider's own for such a rendering, and so are the names."""
    PART: ClassVar[str]
    """The name of that component within the child."""

    @classmethod
    def render(cls, planned: PlannedChild[B], provider: pulumi.ProviderResource) -> Documents:
        """Let the provider render, and refuse what is not for the child. Raises RenderingError."""
        documents = cls.ask(planned, provider)
        refuse(planned, documents, secrets_allowed=cls.SECRETS_ALLOWED)
        return documents

    @classmethod
    def ask(cls, planned: PlannedChild[B], provider: pulumi.ProviderResource) -> Documents:
        """Return what the provider renders."""
        raise NotImplementedError

    def _rendered(self) -> Resources:
        """Make what was rendered, and return what the record waits for."""
        documents = self.scene.rendered
        wide = {each["kind"] for each in documents if "namespace" not in each["metadata"]}
        options = pulumi.ResourceOptions(parent=self)
        around = pulumi.ComponentResource(self.TYPE, f"{self.planned.logical_name}/{self.PART}", None, options)
        return self._objects(documents, wide, around)

    def _logical_name(self, document: Document) -> str:
        metadata = document["metadata"]
        home = f"{metadata['namespace']}/" if "namespace" in metadata else ""
        return f"{self.planned.logical_name}/{self.PART}:{home}{metadata['name']}"


def _sealed(document: Document) -> Document:
    """Return an object whose secret values are encrypted in the state."""
    if not has_secret(document):
        return document
    values = {key: pulumi.Output.secret(document[key]) for key in ("data", "stringData") if key in document}
    return {**document, **values}
