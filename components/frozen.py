"""A paused child, registered as the state records it instead of as its file says.

`ignore_changes` keeps every input of a resource; only registering exactly what is recorded keeps resources from coming
and going, whatever the file says by now: another kind, another chart, fewer ports.
"""

from collections.abc import Iterator

import pulumi

from appofapps.catalog.models.kinds import Child
from appofapps.plan.plan import PlannedChild
from components.child import Resources, Scene
from components.last import Last, Recorded


def recorded(planned: PlannedChild[Child], last: Last) -> tuple[Recorded, ...]:
    """Return what the state has of a child, under its name or that from before a rename."""
    return last.of(planned.logical_name) or last.of(planned.former_logical_name or planned.logical_name)


class Frozen:
    """What is deployed of a paused child; none of it changes, comes or goes."""

    ready: Resources
    """All of it: nothing changes, so that waiting for it costs nothing. Without any, what it waits for itself."""

    def __init__(self, planned: PlannedChild[Child], scene: Scene, last: Last) -> None:
        self._planned = planned
        self._scene = scene
        self._recorded = recorded(planned, last)
        self._components: dict[Recorded, pulumi.Resource] = {}
        self._made: dict[str, pulumi.Resource] = {}
        for found in sorted(self._recorded, key=_outermost_first):
            if self._is_component(found):
                self._components[found] = self._component(found)
            else:
                self._made[found.name] = self._resource(found)
        self.ready = tuple(self._made.values()) or scene.after

    def _is_component(self, found: Recorded) -> bool:
        """Tell a component, ours or a chart's, from a resource: nothing else is around others."""
        return found.is_ours or any(each.types[:-1] == found.types for each in self._recorded)

    def _component(self, found: Recorded) -> pulumi.Resource:
        name = self._name(found)
        renamed = [pulumi.Alias(name=found.name)] if name != found.name else None
        options = pulumi.ResourceOptions(
            parent=self._around(found), providers=list(self._scene.providers), aliases=renamed
        )
        return pulumi.ComponentResource(found.types[-1], name, None, options)

    def _resource(self, found: Recorded) -> pulumi.Resource:
        options = pulumi.ResourceOptions(
            parent=self._around(found),
            depends_on=[*self._scene.after, *self._below(found)],
            ignore_changes=["*"],  # with no input given, every one is as it was
            retain_on_delete=self._planned.child.deletion_policy == "retain" or None,
        )
        return pulumi.CustomResource(found.types[-1], self._name(found), {}, options)

    def _name(self, found: Recorded) -> str:
        former = self._planned.former_logical_name
        if former and (found.name == former or found.name.startswith(f"{former}/")):
            return self._planned.logical_name + found.name.removeprefix(former)
        return found.name

    def _around(self, found: Recorded) -> pulumi.Resource:
        """Return the component that a resource was made in: of those of the right types, the one it is named after."""
        same = [each for each in self._components if each.types == found.types[:-1]]
        named = [each for each in same if found.name.startswith(each.name)]
        inner = max(named or same, key=lambda each: len(each.name), default=None)
        return self._components[inner] if inner else self._scene.parent

    def _below(self, found: Recorded) -> Iterator[pulumi.Resource]:
        """Yield what a resource stands on; the state does not tell, so only what a later deletion has to respect.

        That is the namespace, and what the name goes on from, as `role-policy` does from `role`.
        """
        for name, resource in self._made.items():
            if name.endswith("/namespace") or found.name.startswith(f"{name}-"):
                yield resource


def _outermost_first(found: Recorded) -> tuple[int, bool, str]:
    return len(found.types), not found.name.endswith("/namespace"), found.name
