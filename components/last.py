"""What the engine recorded of this stack before this run."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pulumi

from appofapps.plan import conventions as c
from appofapps.plan.plan import Address

STACK = "pulumi:pulumi:Stack"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One resource of the state."""

    types: tuple[str, ...]
    """Its type, after those of the components around it, outermost first."""
    name: str

    @property
    def is_ours(self) -> bool:
        """Whether it is one of our components."""
        return self.types[-1].startswith(c.COMPONENT_MODULE)


@dataclass(frozen=True, slots=True)
class Last:
    """A stack as its last run left it; empty for a new one. A failed run has a state, but no outputs."""

    resources: tuple[Recorded, ...] = ()
    outputs: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """What the stack exported of each child, by address."""

    def children(self) -> frozenset[Address]:
        """Return the children whose components are recorded."""
        found = (each.name.partition("@") for each in self.resources if each.is_ours)
        return frozenset(Address(child, place) for child, at, place in found if at)

    def of(self, component: str) -> tuple[Recorded, ...]:
        """Return a child's component of that name, and all in it."""
        inside = f"{component}/"
        return tuple(each for each in self.resources if each.name == component or each.name.startswith(inside))


def last_run() -> Last:
    """Ask the engine. Must come before the first resource is registered: from then on the answer holds this run's."""
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    return read((_state(stack) or {}).get("outputs", {}))


def read(state: Mapping[str, Any]) -> Last:
    """Read what `readStackResourceOutputs` answers: by URN, the type and the outputs."""
    urns = {urn: _recorded(urn) for urn in state}
    root = next((state[urn] for urn, each in urns.items() if each.types[-1] == STACK), None) or {}
    outputs = (root.get("outputs") or {}).get(c.OUTPUT_CHILDREN) or {}
    return Last(tuple(each for each in urns.values() if each.types[-1] != STACK), outputs)


def _recorded(urn: str) -> Recorded:
    """Read `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`."""
    _, _, types, name = urn.split("::", 3)
    return Recorded(tuple(types.split("$")), name)


def _state(stack: str, attempts: int = 10) -> Any:  # noqa: ANN401 - what an invoke answers
    """Ask for the state; the engine is writing it, and a file backend truncates a sidecar (`.attrs`) as it does.

    https://github.com/google/go-cloud: setAttrs in blob/fileblob/attrs.go. A read in that moment ends with EOF.
    """
    try:
        return pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {"stackName": stack}).value
    except Exception as error:
        if attempts == 1 or not str(error).strip().endswith("EOF"):
            raise
    time.sleep(0.1)
    return _state(stack, attempts - 1)
