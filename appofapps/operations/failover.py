"""Failover: one cluster stands in for another, by an entry in the environment's file; and back.

Children are made in the new place first; those in the old one stay registered, since nobody can tell yet whether it
comes back. The next `up` removes them there, once it answers; `aoa cluster forget` is for when it never does.
"""

import time
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from pathlib import Path

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.models.parent import Failover, Record
from appofapps.observe.world import World
from appofapps.operations import fleet
from appofapps.operations.edit import set_fields, write
from appofapps.operations.fleet_report import FleetReport
from appofapps.operations.refusal import Refusal, RefusedError, refuse_any
from appofapps.operations.session import Project, open_project
from appofapps.operations.talk import Talk
from appofapps.plan.checks.partitions import check_partition
from appofapps.plan.failover import addresses, without_replica
from appofapps.plan.partition import owners
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
    """From the command until everything that arrives is ready, or has failed."""

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


def failover(
    folder: Path, root: Path, move: Move, record: Record, talk: Talk, world: World | None = None
) -> FailoverReport:
    """Let one cluster stand in for another, and deploy what moves; what already ran in both stays as it is.

    The same again goes on where it failed before.

    Raises RefusedError for an unready target, or a child no stack would take; CatalogError when the catalog would be
    wrong, as where a child's data has no replica in the target. Nothing is changed then.
    """
    project = _known(open_project(folder, root), move.environment)
    refuse_any(_unready(project, move, world or World()))
    before = project.catalog.environments[move.environment].failover
    begun = any((each.source, each.to) == (move.source, move.to) for each in before)
    entry = Failover.model_validate({"from": move.source, "to": move.to, **record.model_dump()})
    return _moved(project, move, before if begun else (*before, entry), talk)


def fail_back(
    folder: Path, root: Path, environment: str, source: str, talk: Talk, world: World | None = None
) -> FailoverReport:
    """End the failover of a cluster, and deploy to it again. Raises as `failover` does."""
    project = _known(open_project(folder, root), environment)
    before = project.catalog.environments[environment].failover
    away = {each.source: each.to for each in before}
    if source not in away:
        raise RefusedError([Refusal(source, f"is not failed over in {environment}", did_you_mean(source, away))])
    back = Move(environment, away[source], source)
    refuse_any((*_unready(project, back, world or World()), *_data_left(project, back)))
    return _moved(project, back, tuple(each for each in before if each.source != source), talk)


def _known(project: Project, environment: str) -> Project:
    known = project.catalog.environments
    if environment not in known:
        raise RefusedError([Refusal(environment, "no such environment", did_you_mean(environment, known))])
    return project


def _unready(project: Project, move: Move, world: World) -> Iterator[Refusal]:
    known = project.catalog.clusters
    if move.to not in known:
        yield Refusal(move.to, "no such cluster", did_you_mean(move.to, known))
    elif why := world.unready(move.to):
        yield Refusal(move.to, f"not ready to stand in: {why}", "repair it, or name another cluster")


def _data_left(project: Project, back: Move) -> Iterator[Refusal]:
    environment = project.catalog.environments[back.environment]
    for child in without_replica(project.catalog, environment, back.to, back.to):
        message = f"keeps data, which is in {back.source} now, and no replica of it is declared ready in {back.to}"
        yield Refusal(child, message, f"once one is, add {back.to} to `data_replicas` in the file of {child}")


def _moved(project: Project, move: Move, entries: tuple[Failover, ...], talk: Talk) -> FailoverReport:
    """Write the failovers of an environment, and deploy what is in another place then."""
    began = time.monotonic()
    file = project.catalog.environment_files[move.environment]
    before = project.catalog.environments[move.environment].failover
    others = tuple(each for each in before if (each.source, each.to) != (move.source, move.to))
    # Without the entry itself: of a failover that has begun already, everything arrives once more.
    was = addresses(_with(project, move, others), move.environment)
    changed = _with(project, move, entries)
    check_partition(changed, project.stacks, project.folder)
    refuse_any(_orphans(changed, project, move, was))
    fields = [each.model_dump(by_alias=True) for each in entries]
    write(project.catalog.root, {file: set_fields(file, {"failover": fields or None}, after="clusters")})
    after = open_project(project.folder, project.catalog.root)
    now = addresses(after.catalog, move.environment)
    run = fleet.up_some(fleet.fleet_of(after, move.environment), now - was, talk)
    return FailoverReport(
        environment=move.environment,
        source=move.source,
        to=move.to,
        file=file,
        arriving=tuple(sorted(now - was)),
        leaving=tuple(sorted(was - now)),
        run=run,
        seconds=time.monotonic() - began,
    )


def _with(project: Project, move: Move, entries: tuple[Failover, ...]) -> Catalog:
    """Return the catalog with other failovers."""
    environments = project.catalog.environments
    environment = environments[move.environment].model_copy(update={"failover": entries})
    return replace(project.catalog, environments={**environments, move.environment: environment})


def _orphans(changed: Catalog, project: Project, move: Move, was: Set[Address]) -> Iterator[Refusal]:
    owned = owners(changed, project.stacks, move.environment)
    for address in sorted(set(owned) - was):
        if not owned[address]:
            hint = f"let the `clusters` and `select` of a Pulumi.<stack>.yaml take it: {{name: {address.place}}}"
            yield Refusal(str(address), f"no stack of {move.environment} would run it", hint)
