"""What all kinds have whose Kubernetes objects others wrote: the record, which stands for the child's readiness."""

from collections.abc import Mapping
from typing import Any, TypeVar

import pulumi

from appofapps.catalog import objects as rules
from appofapps.catalog.models.objects import RECORD, ObjectsChild
from appofapps.catalog.objects import Document, resource
from appofapps.plan.patches import patched
from appofapps.plan.plan import PlannedChild
from components.child import ChildComponent, Resources
from components.kubernetes.objects import dressed, record
from components.object import Object, of_this_version

B = TypeVar("B", bound=ObjectsChild)


class Rendering(pulumi.ComponentResource):
    """A component of the provider's own, which renders objects and makes them.

    The SDK's classes will not do: `kustomize.v2.Directory` (4.25.0) takes its list of resources for a text.
    """

    resources: pulumi.Output[Resources]
    """The objects that it made."""

    def __init__(self, kind: str, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions) -> None:
        super().__init__(f"kubernetes:{kind}", name, {**inputs, "resources": None}, of_this_version(opts), remote=True)


class ObjectsComponent(ChildComponent[B]):
    """A child whose objects others wrote."""

    def _record(self, after: pulumi.Input[Resources], digest: str) -> Resources:
        """Make the record after everything else, and return it."""
        planned, options = self.planned, self._options([], awaited=False)
        options.depends_on = after
        document = patched(planned.child, RECORD, record(planned, digest))
        return [Object(f"{planned.logical_name}/{RECORD}", document, options)]


class RenderedComponent(ObjectsComponent[B]):
    """A child whose objects the provider renders and makes: ours is a last look at each."""

    secrets_allowed = False
    """Whether secret values may come out of the rendering; they are encrypted in the state."""

    def _rendering(self) -> pulumi.ResourceOptions:
        """Return the options of what renders: it begins when pods may, and every object passes by us."""
        options = self._options([*self.scene.after, *self.scene.before_pods], awaited=False)
        return pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(transforms=[self._adopt]))

    def _adopt(self, args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        """Make a rendered object the child's own; raises RefusedObjectError for one that it may not have."""
        if not args.custom:
            return None
        document: dict[str, Any] = dict(args.props)
        refuse(self.planned, document, secrets_allowed=self.secrets_allowed)
        mine = dressed(self.planned, document, namespaced="namespace" in document["metadata"])
        props = patched(self.planned.child, resource(document), mine)
        return pulumi.ResourceTransformResult(dict(props), pulumi.ResourceOptions.merge(args.opts, self._own_options()))

    def _own_options(self) -> pulumi.ResourceOptions:
        """Return what the child says of all its resources; their order among themselves is the provider's."""
        mine = self._options([], awaited=True)
        return pulumi.ResourceOptions(custom_timeouts=mine.custom_timeouts, retain_on_delete=mine.retain_on_delete)


class RefusedObjectError(Exception):
    """A rendered object is not for its child; the message says which, why, and what to do."""


def refuse(planned: PlannedChild[ObjectsChild], document: Document, *, secrets_allowed: bool) -> None:
    """Raise RefusedObjectError where the rules for written objects are broken by a rendered one."""
    name, home = resource(document), document["metadata"].get("namespace")
    if home is None and document["kind"] not in planned.child.spec.cluster_scoped:
        raise RefusedObjectError(f"{name} {rules.CLUSTER_WIDE}; {rules.permission(document['kind'])}")
    if home not in (None, planned.name):
        raise RefusedObjectError(f"{name} is in the namespace {home!r}; a child stays in its own, {planned.name}")
    if rules.has_secret(document) and not secrets_allowed:
        raise RefusedObjectError(f"{name} {rules.CLEAR_TEXT}; {rules.REFERENCE}")
    for _, image in rules.images(document):
        if why := rules.unpinned(image, by_digest=planned.environment.tier == "prod"):
            raise RefusedObjectError(f"{name}: {why}; pin it: name:1.4.2@sha256:…")
