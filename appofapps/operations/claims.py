"""The physical names a run is about to create something under."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from appofapps.catalog.models.kinds import Child
from appofapps.engine.results import Change, Operation
from appofapps.observe.ownership import NAMESPACE, Claim
from appofapps.plan.naming import role_name
from appofapps.plan.plan import Plan, PlannedChild

_NAMED: Final[Mapping[str, str]] = {"lambda/alias:Alias": "lambda/function:Function"}
"""What bears the name of a child where its main resource is a part of that."""


def of_plan(plan: Plan) -> Iterator[Claim]:
    """Yield what a first deployment claims: the namespaces, and in AWS the function and its role.

    Everything else of a child lies in its namespace, or cannot exist without its function.
    """
    for planned in plan.children:
        yield from _first(planned)


def of_changes(plan: Plan, changes: Iterable[Change]) -> Iterator[Claim]:
    """Yield what the creations of a preview claim."""
    for change in changes:
        planned = plan.by_address.get(change.name.child) if change.name.child else None
        if planned and change.operation is Operation.CREATE:
            yield from _created(planned, change)


def _first(planned: PlannedChild[Child]) -> Iterator[Claim]:
    address, place = planned.address, planned.place
    if place.cluster is not None:
        yield Claim(address, place.name, NAMESPACE, planned.name)
    else:
        kind = _NAMED.get(planned.child.main_type, planned.child.main_type)
        yield Claim(address, planned.home, kind, planned.cloud_name)
        yield Claim(address, place.region, "iam/role:Role", role_name(planned.name, place.region))


def _created(planned: PlannedChild[Child], change: Change) -> Iterator[Claim]:
    package, _, kind = change.name.type.partition(":")
    if package == "kubernetes":
        metadata = change.new.get("metadata", {})
        kind = kind.removeprefix("core/")
        if name := metadata.get("name"):
            yield Claim(planned.address, planned.place.name, kind, name, metadata.get("namespace", ""))
    elif package == "aws" and (name := change.new.get("name") or change.new.get("bucket")):
        yield Claim(planned.address, str(change.new.get("region") or planned.place.region), kind, str(name))
