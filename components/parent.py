"""`ParentApp`: every child of a plan, each after what it needs."""

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pulumi

from appofapps.catalog.models.kinds import Child
from appofapps.plan import conventions as c
from appofapps.plan.budget import nested_parent
from appofapps.plan.digest import digest
from appofapps.plan.plan import Address, Plan, PlannedChild
from components.child import ChildComponent, Resources, Scene, component_options, component_type
from components.economy import without_stack_traces
from components.failures import failed
from components.frozen import Frozen
from components.kinds import KINDS
from components.last import Last
from components.providers import Providers
from components.rendering import RenderingError
from components.tenancy import Tenancy


class ParentApp(pulumi.ComponentResource):
    """One parent and its children."""

    outputs: Mapping[str, Any]
    """What the stack exports: the parent, and each child by its address."""

    def __init__(self, plan: Plan, last: Last | None = None) -> None:
        self._digest = digest(plan)
        # The digest is of the files, which do not say what a paused child is: it is left as it was then, and nothing
        # differs. A stack with a paused child counts as changed.
        frozen = any(planned.child.paused for planned in plan.children)
        options = pulumi.ResourceOptions(ignore_changes=[c.OUTPUT_DIGEST] if frozen else None)
        super().__init__(c.PARENT_TYPE, plan.parent, _inputs(plan, self._digest), options)
        self._last = last or Last()
        self._ways = Providers(plan, self, self._last)
        self._plan = plan
        self._nested: dict[str, pulumi.Resource] = {}
        self._ready: dict[Address, Resources] = {}
        with without_stack_traces():
            made = {planned.logical_name: self._child(planned) for planned in plan.children}
        children = {name: output for name, output in made.items() if output}
        self.outputs = {
            c.OUTPUT_PARENT: {"name": plan.parent, "version": plan.parent_version},
            c.OUTPUT_CHILDREN: children,
            **self._record(),
        }
        self.register_outputs({})

    def _record(self) -> Mapping[str, pulumi.Output[str]]:
        """Return the digest of what is deployed, once everything is ready; of a part, nothing is recorded."""
        if os.environ.get(c.VARIABLE_PART) or len(self._ready) < len(self._plan.children):
            return {}
        everything = (resource.urn for ready in self._ready.values() for resource in ready)
        return {c.OUTPUT_DIGEST: pulumi.Output.all(*everything).apply(lambda _: self._digest)}

    def _child(self, planned: PlannedChild[Child]) -> Mapping[str, Any]:
        """Make one child after the concrete resources that its needs are ready with; the plan's order has made them.

        Return what the stack exports of it.
        """
        if not self._ready.keys() >= set(planned.needs):
            return {}  # what it needs could not be rendered
        after = [resource for need in planned.needs for resource in self._ready[need]]
        scene = Scene(self._home(planned.parent), self._ways.of(planned.place), after)
        if planned.child.paused:
            self._ready[planned.address] = Frozen(planned, scene, self._last).ready
            return self._last.outputs.get(planned.logical_name) or {}
        try:
            rendered = KINDS[planned.child.kind].render(planned, scene.cluster) if planned.place.cluster else ()
        except RenderingError as error:
            return self._unrendered(planned, scene, str(error))
        return self._made(planned, replace(scene, rendered=rendered))

    def _made(self, planned: PlannedChild[Child], scene: Scene) -> Mapping[str, Any]:
        if planned.place.cluster:
            tenancy = Tenancy(planned, scene)
            scene = replace(scene, after=[tenancy.namespace], before_pods=tenancy.ready)
        child = KINDS[planned.child.kind](planned, scene)
        self._ready[planned.address] = child.ready
        return _output(planned, child)

    def _unrendered(self, planned: PlannedChild[Child], scene: Scene, why: str) -> Mapping[str, Any]:
        """Let a child fail before any of it is made; what it has stays, because a failed program deletes nothing."""
        kind, options = component_type(KINDS[planned.child.kind]), component_options(planned, scene)
        component = pulumi.ComponentResource(kind, planned.logical_name, None, options)
        return {"ready": failed(component, why)}

    def _home(self, nested: str) -> pulumi.Resource:
        """Return the component of a nested parent, within that of the parent around it."""
        if not nested:
            return self
        if nested not in self._nested:
            options = pulumi.ResourceOptions(parent=self._home(nested_parent(nested, self._plan.nested)))
            self._nested[nested] = pulumi.ComponentResource(c.PARENT_TYPE, nested, None, options)
        return self._nested[nested]


def _inputs(plan: Plan, digest_: str) -> dict[str, Any]:
    """Return what is known of the whole before its first child: what a run that fails leaves in the state, too."""
    preview = plan.target.preview
    return {c.OUTPUT_DIGEST: digest_, **({c.INPUT_PREVIEW: preview.model_dump(mode="json")} if preview else {})}


def _output(planned: PlannedChild[Child], child: ChildComponent[Any]) -> Mapping[str, Any]:
    return {
        "version": planned.child.version,
        "kind": planned.child.kind,
        "place": planned.place.name,
        "owner": planned.child.owner.team,
        "endpoints": child.endpoints,
        # Known once the resources that stand for the child's readiness are.
        "ready": pulumi.Output.all(*(resource.urn for resource in child.ready)).apply(lambda _: True),
    }
