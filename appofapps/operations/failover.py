"""Failover: one cluster stands in for another, by an entry in the environment's file; and back.

Children are made in the new place first; those in the old one stay registered, since nobody can tell yet whether it
comes back. The next `up` removes them there, once it answers; `aoa cluster forget` is for when it never does.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.locate import relative
from appofapps.catalog.models.parent import Failover, Record, StackTarget
from appofapps.observe.world import World
from appofapps.operations import fleet
from appofapps.operations.edit import set_fields, write
from appofapps.operations.fleet_report import FleetReport
from appofapps.operations.refusal import Refusal, RefusedError, refuse_any
from appofapps.operations.session import Project, open_project
from appofapps.operations.talk import Talk
from appofapps.plan.checks.partitions import check_partition
from appofapps.plan.failover import without_replica
from appofapps.plan.partition import Owners, owners
from appofapps.plan.plan import Address


@dataclass(frozen=True, slots=True)
class FailoverReport:
    """What moved, and how long that took."""

    environment: str
    source: str
    to: str
    file: Path
    """The environment's file, in which the failover stands."""
    arriving: tuple[Address, ...]
    """Children in places where they were not before."""
    leaving: tuple[Address, ...]
    """Children whose old place the catalog no longer has; they are registered there until a later `up`."""
    run: FleetReport
    seconds: float
    """From the go-ahead until everything that arrives is ready, or has failed."""
    tenants: tuple[str, ...] = ()
    """Stacks of tenants in the environment, which are not run by this: they follow when they are."""

    @property
    def exit_code(self) -> int:
        """Return the exit code of the deployment."""
        return self.run.exit_code


@dataclass(frozen=True, slots=True)
class Move:
    """Children of one cluster to another, in one environment."""

    environment: str
    source: str
    to: str


@dataclass(frozen=True, slots=True)
class PlannedMove:
    """A failover, or its end, that nothing speaks against; nothing is written yet."""

    move: Move
    project: Project
    file: Path
    """The environment's file."""
    text: str
    """What will stand in it."""
    arriving: tuple[Address, ...]
    leaving: tuple[Address, ...]


def plan_failover(folder: Path, root: Path, move: Move, record: Record, world: World | None = None) -> PlannedMove:
    """Return what it takes that one cluster stands in for another; what already runs in both stays as it is.

    Raises RefusedError for an unknown cluster, an unready target, a child no stack would take, or a stack over both
    clusters; CatalogError when the catalog would be wrong, as where a child's data has no replica in the target.
    """
    project = _known(open_project(folder, root), move.environment)
    refuse_any((*_unknown(project, move.source), *_unready(project, move, world or World())))
    before = project.catalog.environments[move.environment].failover
    begun = any((each.source, each.to) == (move.source, move.to) for each in before)
    entry = Failover.model_validate({"from": move.source, "to": move.to, **record.model_dump()})
    return _planned(project, move, before if begun else (*before, entry))


def plan_return(folder: Path, root: Path, environment: str, source: str, world: World | None = None) -> PlannedMove:
    """Return what it takes to end the failover of a cluster. Raises as `plan_failover` does."""
    project = _known(open_project(folder, root), environment)
    before = project.catalog.environments[environment].failover
    away = {each.source: each.to for each in before}
    if source not in away:
        raise RefusedError([Refusal(source, f"is not failed over in {environment}", did_you_mean(source, away))])
    back = Move(environment, away[source], source)
    refuse_any((*_unready(project, back, world or World()), *_data_left(project, back)))
    return _planned(project, back, tuple(each for each in before if each.source != source))


def carry_out(planned: PlannedMove, talk: Talk) -> FailoverReport:
    """Write the failovers of the environment, and deploy what moves. The same again goes on where it failed before."""
    began = time.monotonic()
    move, folder, root = planned.move, planned.project.folder, planned.project.catalog.root
    write(root, {planned.file: planned.text}, folder)
    after = open_project(folder, root)
    run = fleet.up_some(fleet.fleet_of(after, move.environment), planned.arriving, talk)
    return FailoverReport(
        environment=move.environment,
        source=move.source,
        to=move.to,
        file=planned.file,
        arriving=planned.arriving,
        leaving=planned.leaving,
        run=run,
        seconds=time.monotonic() - began,
        tenants=tuple(sorted(name for name, target in after.stacks.items() if _is_tenants(target, move.environment))),
    )


def _known(project: Project, environment: str) -> Project:
    known = project.catalog.environments
    if environment not in known:
        raise RefusedError([Refusal(environment, "no such environment", did_you_mean(environment, known))])
    return project


def _unknown(project: Project, cluster: str) -> Iterator[Refusal]:
    known = project.catalog.clusters
    if cluster not in known:
        yield Refusal(cluster, "no such cluster", did_you_mean(cluster, known))


def _unready(project: Project, move: Move, world: World) -> Iterator[Refusal]:
    if move.to not in project.catalog.clusters:
        yield from _unknown(project, move.to)
    elif why := world.unready(move.to):
        yield Refusal(move.to, f"not ready to stand in: {why}", "repair it, or name another cluster")


def _data_left(project: Project, back: Move) -> Iterator[Refusal]:
    environment = project.catalog.environments[back.environment]
    for child in without_replica(project.catalog, environment, back.to, back.to):
        message = f"keeps data, which is in {back.source} now, and no replica of it is declared ready in {back.to}"
        yield Refusal(child, message, f"once one is, add {back.to} to `data_replicas` in the file of {child}")


def _planned(project: Project, move: Move, entries: tuple[Failover, ...]) -> PlannedMove:
    """Return the move by which the failovers of an environment become `entries`."""
    file = project.catalog.environment_files[move.environment]
    before = project.catalog.environments[move.environment].failover
    others = tuple(each for each in before if (each.source, each.to) != (move.source, move.to))
    # Without the entry itself: of a failover that has begun already, everything arrives once more.
    without, changed = _with(project, move, others), _with(project, move, entries)
    check_partition(changed, project.stacks, project.folder)
    had, have = (owners(each, project.stacks, move.environment) for each in (without, changed))
    fields = [each.model_dump(by_alias=True) for each in entries]
    refuse_any((*_orphans(had, have, move), *_in_one_stack(had, have, move, _by_hand(file, fields))))
    text = set_fields(file, {"failover": fields or None}, after="clusters")
    write(project.catalog.root, {file: text}, project.folder, keep=False)
    arriving, leaving = sorted(have.keys() - had.keys()), sorted(had.keys() - have.keys())
    return PlannedMove(move, project, file, text, tuple(arriving), tuple(leaving))


def _is_tenants(target: StackTarget, environment: str) -> bool:
    return target.environment == environment and target.tenant is not None


def _with(project: Project, move: Move, entries: tuple[Failover, ...]) -> Catalog:
    """Return the catalog with other failovers."""
    environments = project.catalog.environments
    environment = environments[move.environment].model_copy(update={"failover": entries})
    return replace(project.catalog, environments={**environments, move.environment: environment})


def _orphans(had: Owners, have: Owners, move: Move) -> Iterator[Refusal]:
    for address in sorted(have.keys() - had.keys()):
        if not have[address]:
            hint = f"let the `clusters` and `select` of a Pulumi.<stack>.yaml take it: {{name: {address.place}}}"
            yield Refusal(str(address), f"no stack of {move.environment} would run it", hint)


def _in_one_stack(had: Owners, have: Owners, move: Move, by_hand: str) -> Iterator[Refusal]:
    """Refuse where children would arrive in a stack that others leave.

    Only what arrives is run, and the engine refuses to run a part of a stack while something else of it is to go.
    """
    leaving = [(stack, address.child) for address in had.keys() - have.keys() for stack in had[address]]
    arriving = {stack for address in have.keys() - had.keys() for stack in have[address]}
    for stack in sorted(arriving & {stack for stack, _ in leaving}):
        message = f"runs both {move.source} and {move.to}: the engine does not deploy what arrives while others leave"
        confirmed = len({child for name, child in leaving if name == stack})
        up = f"aoa fleet up --env {move.environment} --confirm-deletions {confirmed}"
        hint = f"give each cluster a stack of its own, or run the whole stack: {by_hand}, then {up}"
        yield Refusal(f"stack {stack}", message, hint)


def _by_hand(file: Path, entries: list[dict[str, Any]]) -> str:
    """Say how a person writes the failovers of an environment."""
    if not entries:
        return f"take `failover` out of {relative(file)}"
    written = yaml.safe_dump(entries, default_flow_style=True, sort_keys=False, width=sys.maxsize).strip()
    return f"write `failover: {written}` into {relative(file)}"
