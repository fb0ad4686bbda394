"""What the components of all kinds of child have in common."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pulumi

from appofapps.catalog.models.child import ChildFile
from appofapps.plan import conventions as c
from appofapps.plan.patches import patched
from appofapps.plan.plan import PlannedChild
from components.object import Document, Object

C = TypeVar("C", bound=ChildFile)
R = TypeVar("R", bound=pulumi.Resource)
Resources = Sequence[pulumi.Resource]


@dataclass(frozen=True, slots=True)
class Scene:
    """What surrounds a child: its parent, its providers, and what it waits for."""

    parent: pulumi.Resource
    providers: Sequence[pulumi.ProviderResource]
    """One a package; resources find theirs by the package of their type."""
    after: Resources
    before_pods: Resources = ()
    """What must be there before pods start: limits and walls apply at their creation."""
    rendered: Sequence[Document] = ()
    """The child's objects, where only rendering shows them."""

    @property
    def cluster(self) -> pulumi.ProviderResource:
        """The provider of the child's cluster."""
        return next(provider for provider in self.providers if provider.package == "kubernetes")


def arguments(document: Document) -> dict[str, Any]:
    """Return a document as keyword arguments of a resource class: the outermost keys in snake_case."""
    return {re.sub(r"(?<!^)(?=[A-Z])", "_", key).lower(): value for key, value in document.items()}


def component_type(kind: type) -> str:
    """Return the engine's name for the type of our components."""
    return f"{c.COMPONENT_MODULE}:{kind.__name__}"


def component_options(planned: PlannedChild[ChildFile], scene: Scene) -> pulumi.ResourceOptions:
    """Return the options of a child's component."""
    former = planned.former_logical_name
    return pulumi.ResourceOptions(
        parent=scene.parent,
        providers=list(scene.providers),
        aliases=[pulumi.Alias(name=former)] if former else None,
    )


class ChildComponent(pulumi.ComponentResource, Generic[C]):
    """The resources of one child in one place.

    A subclass makes them in `build`, and names those that stand for its readiness.
    """

    ready: Resources
    """What a dependent waits for; for a child without resources, what it waits for itself."""
    endpoints: dict[str, pulumi.Input[str]]
    """Where the child is reached: service, ingress, function, url."""

    def __init__(self, planned: PlannedChild[C], scene: Scene) -> None:
        super().__init__(component_type(type(self)), planned.logical_name, None, component_options(planned, scene))
        self.planned = planned
        self.scene = scene
        self.endpoints = {}
        self.ready = self.build() or scene.after
        self.register_outputs({})

    @classmethod
    def render(cls, planned: PlannedChild[C], provider: pulumi.ProviderResource) -> Sequence[Document]:
        """Return the child's objects where only rendering shows them; nothing is made. Raises RenderingError."""
        del planned, provider
        return ()

    def build(self) -> Resources:
        """Make the child's resources and return those that stand for its readiness."""
        raise NotImplementedError

    def create(
        self,
        make: Callable[..., R],
        resource: str,
        document: Document,
        after: Resources = (),
        *,
        awaited: bool = False,
    ) -> R:
        """Make one resource of its document, by a class of the SDK.

        It waits for `after`, which are resources of this child, or else for what the child itself waits for: each
        resource has the edges it needs and no more, because a stack's state is written at every step.
        An `awaited` resource has the child's deadline to become ready.
        """
        options = self._options(after or self.scene.after, awaited=awaited)
        document = patched(self.planned.child, resource, document)
        return make(f"{self.planned.logical_name}/{resource}", opts=options, **arguments(document))

    def create_object(
        self,
        resource: str,
        document: Document,
        after: Resources = (),
        *,
        awaited: bool = False,
        ignored: Sequence[str] = (),
    ) -> Object:
        """Make one Kubernetes object of its document, by the same rules.

        Fields that are `ignored` count at its creation only; from then on others may change them.
        """
        options = self._options(after or self.scene.after, awaited=awaited, ignored=ignored)
        document = patched(self.planned.child, resource, document)
        return Object(f"{self.planned.logical_name}/{resource}", document, options)

    def _options(self, after: Resources, *, awaited: bool, ignored: Sequence[str] = ()) -> pulumi.ResourceOptions:
        child = self.planned.child
        deadline = f"{self.planned.deadline}s"
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=list(after),
            custom_timeouts=pulumi.CustomTimeouts(create=deadline, update=deadline) if awaited else None,
            retain_on_delete=child.deletion_policy == "retain" or None,
            ignore_changes=[*ignored] or None,
        )
