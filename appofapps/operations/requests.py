"""What pods request, before and after a run, as the engine's steps say; and what that costs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from appofapps.catalog.models.parent import Prices
from appofapps.catalog.models.quantity import parse_quantity
from appofapps.engine.results import Change, Operation
from appofapps.plan.plan import Address, Plan

HOURS: Final = 730
"""In a month, as clouds count: 8760 hours a year over twelve."""
_CONTROLLERS: Final = ("Deployment", "StatefulSet", "DaemonSet")
"""What runs all the time. A DaemonSet counts once: how many nodes there are is the cluster's to know."""


@dataclass(frozen=True, slots=True)
class Requests:
    """What pods request together."""

    cpu: Decimal = Decimal(0)
    """Cores."""
    memory: Decimal = Decimal(0)
    """Bytes."""

    def plus(self, other: "Requests") -> "Requests":
        """Return both together."""
        return Requests(self.cpu + other.cpu, self.memory + other.memory)

    def times(self, count: int) -> "Requests":
        """Return as many of these."""
        return Requests(self.cpu * count, self.memory * count)

    def cost(self, prices: Prices) -> Decimal:
        """Return what a month of these costs."""
        gib = self.memory / 2**30
        return HOURS * (self.cpu * Decimal(str(prices.cpu_hour)) + gib * Decimal(str(prices.memory_gib_hour)))


NONE: Final = Requests()


def by_child(plan: Plan, changes: Iterable[Change]) -> Mapping[Address, tuple[Requests, Requests]]:
    """Return what each child's controllers request before and after; jobs and functions run now and then."""
    found: defaultdict[Address, tuple[Requests, Requests]] = defaultdict(lambda: (Requests(), Requests()))
    for change in changes:
        address = change.name.child
        if address and change.name.type.rpartition(":")[2] in _CONTROLLERS:
            planned = plan.by_address.get(address)
            least = planned.child.least_pods(plan.environment.tier) if planned else 1
            before, after = found[address]
            old = change.new if change.operation is Operation.SAME else change.old
            new = {} if change.operation is Operation.DELETE else change.new
            found[address] = (before.plus(_of(old, least)), after.plus(_of(new, least)))
    return dict(found)


def _of(controller: Mapping[str, Any], least: int) -> Requests:
    """Return what a controller's pods request; `least` is how many there are where an autoscaler decides."""
    spec = controller.get("spec") or {}
    pod = (spec.get("template") or {}).get("spec") or {}
    inits = pod.get("initContainers") or ()
    beside = [each for each in inits if each.get("restartPolicy") == "Always"]
    together = Requests()
    for box in (*(pod.get("containers") or ()), *beside):
        together = together.plus(_container(box))
    once = [_container(each) for each in inits if each not in beside]
    most = Requests(
        max(together.cpu, *(each.cpu for each in once), Decimal(0)),
        max(together.memory, *(each.memory for each in once), Decimal(0)),
    )
    return most.times(int(spec.get("replicas", least or 1)))


def _container(box: Mapping[str, Any]) -> Requests:
    asked = (box.get("resources") or {}).get("requests") or {}
    return Requests(*(parse_quantity(str(asked.get(what, "0"))) for what in ("cpu", "memory")))
