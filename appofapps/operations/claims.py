"""The physical names a run is about to create something under."""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, Final

from appofapps.catalog.models.kinds import Child
from appofapps.engine.results import Change, Operation, ResourceName, State
from appofapps.observe.ownership import NAMESPACE, Claim
from appofapps.plan.naming import role_name
from appofapps.plan.plan import Plan, PlannedChild

_NAMED: Final[Mapping[str, str]] = {"lambda/alias:Alias": "lambda/function:Function"}
"""What bears the name of a child where its main resource is a part of that."""


def of_plan(plan: Plan) -> Iterator[Claim]:
    """Yield what a first deployment claims: namespaces, objects that people wrote, in AWS the function and its role.

    Everything else of a child lies in its namespace, or cannot exist without its function; what a chart or an overlay
    has for the whole cluster shows in a preview only.
    """
    for planned in plan.children:
        yield from _first(planned)


def of_changes(plan: Plan, changes: Iterable[Change]) -> Iterator[Claim]:
    """Yield what the creations of a preview claim."""
    for change in changes:
        planned = plan.by_address.get(change.name.child) if change.name.child else None
        if planned and change.operation is Operation.CREATE:
            yield from _of_inputs(change.name, planned.place.region, change.new)


def of_state(state: State, children: Container[str], regions: Mapping[str, str]) -> Iterator[Claim]:
    """Yield what some children hold; `regions` are those of the clusters. A function's place is its region."""
    for resource in state.resources:
        address = resource.name.child
        if address and address.child in children:
            yield from _of_inputs(resource.name, regions.get(address.place, address.place), resource.inputs)


def _first(planned: PlannedChild[Child]) -> Iterator[Claim]:
    address, place = planned.address, planned.place
    if place.cluster is not None:
        yield Claim(address, place.name, NAMESPACE, planned.name)
        yield from _written(planned)
    else:
        kind = _NAMED.get(planned.child.main_type, planned.child.main_type)
        yield Claim(address, planned.home, kind, planned.cloud_name)
        yield Claim(address, place.region, "iam/role:Role", role_name(planned.name, place.region))


def _written(planned: PlannedChild[Child]) -> Iterator[Claim]:
    for each in planned.code.objects if planned.code else ():
        home = "" if each.document["kind"] in planned.child.cluster_scoped else planned.name
        yield Claim(planned.address, planned.place.name, each.type, each.document["metadata"]["name"], home)


def _of_inputs(resource: ResourceName, region: str, inputs: Mapping[str, Any]) -> Iterator[Claim]:
    package, _, kind = resource.type.partition(":")
    address = resource.child
    assert address
    if package == "kubernetes":
        metadata = inputs.get("metadata") or {}
        kind = kind.removeprefix("core/")
        if name := metadata.get("name"):
            yield Claim(address, address.place, kind, name, metadata.get("namespace", ""))
    elif package == "aws" and (name := inputs.get("name") or inputs.get("bucket")):
        yield Claim(address, str(inputs.get("region") or region), kind, str(name))
