"""Previews that are over: told, and on request removed."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.models.previews import Preview
from appofapps.catalog.problems import CatalogError
from appofapps.catalog.stacks import stack_file
from appofapps.engine.engine import Engine
from appofapps.engine.results import EngineError
from appofapps.observe.world import World
from appofapps.operations.absence import by_place, everything_of, left_in_time
from appofapps.operations.destroy import destroy
from appofapps.operations.preview_env import open_preview
from appofapps.operations.preview_records import PreviewStack, preview_stacks
from appofapps.operations.refusal import RefusedError
from appofapps.operations.report import RunReport
from appofapps.operations.session import Project, Session
from appofapps.operations.talk import Talk
from appofapps.plan.place import environment_clusters
from appofapps.plan.plan import Plan


@dataclass(frozen=True, slots=True)
class Scope:
    """Which pull requests of a repository are over; without either, only time decides."""

    repository: str = ""
    closed: frozenset[int] = frozenset()
    open: frozenset[int] | None = None
    """All that are open and still have the label; None says nothing."""

    def over(self, record: Preview) -> bool:
        """Tell whether a preview's pull request is over."""
        if record.repository != self.repository:
            return False
        return record.pr in self.closed or (self.open is not None and record.pr not in self.open)


@dataclass(frozen=True, slots=True)
class Due:
    """A preview that is over."""

    preview: PreviewStack
    why: str


@dataclass(frozen=True, slots=True)
class Reaping:
    """What is over, and what became of it."""

    due: tuple[Due, ...]
    kept: tuple[str, ...] = ()
    orphans: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Namespaces of previews that no stack knows, by cluster; they are counted, and never removed."""
    unreachable: Mapping[str, str] = field(default_factory=dict)
    runs: tuple[RunReport, ...] = ()
    removed: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return 0 when nothing is over that is still there, and nothing is an orphan."""
        left = {due.preview.name for due in self.due} - set(self.removed)
        return 1 if left or self.orphans or self.unreachable or self.failures else 0


def due(stacks: Collection[PreviewStack], scope: Scope) -> Iterator[Due]:
    """Yield what is over, with the reason."""
    for each in stacks:
        if each.record is None:
            yield Due(each, "has no record: its first run was killed")
        elif scope.over(each.record):
            yield Due(each, f"pull request {each.record.pr} is over")
        elif each.expired:
            yield Due(each, f"expired {each.record.expires:%Y-%m-%d %H:%M} UTC")


def reap(
    project: Project,
    scope: Scope,
    now: datetime,
    talk: Talk | None = None,
    *,
    really: bool = False,
    world: World | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Reaping:
    """Say which previews are over, and remove them only if `really`: one that fails leaves the others to go.

    After an interrupt none is begun.
    Raises EngineError where the backend cannot be asked.
    """
    world, stacks = world or World(), preview_stacks(project.folder, now)
    over = tuple(due(stacks, scope))
    orphans, unreachable = _orphans(project.catalog, world, {each.name for each in stacks})
    names = {each.preview.name for each in over}
    report = Reaping(over, tuple(e.name for e in stacks if e.name not in names), orphans, unreachable)
    for each in over if really else ():
        report = _removed(report, project, each.preview, world, talk, sleep)
        if any(run.interrupted for run in report.runs):
            break
    return report


def _removed(
    report: Reaping, project: Project, preview: PreviewStack, world: World, talk: Talk | None,
    sleep: Callable[[float], None],
) -> Reaping:  # fmt: skip
    try:
        session = _session(project, preview, world)
        before = everything_of(session)
        run = destroy(session, talk)
        report = replace(report, runs=(*report.runs, run))
        left = by_place([left_in_time(before, sleep)]) if run.exit_code == 0 else {}
        if run.exit_code or left:
            what = "; ".join(f"still in {place}: {', '.join(names)}" for place, names in left.items())
            return replace(report, failures=(*report.failures, f"{preview.name}: {what or 'not all could be deleted'}"))
        session.engine.remove()
        stack_file(project.folder, preview.name).unlink(missing_ok=True)
    except (EngineError, RefusedError, OSError) as error:
        return replace(report, failures=(*report.failures, f"{preview.name}: {error}"))
    return replace(report, removed=(*report.removed, preview.name))


def _session(project: Project, preview: PreviewStack, world: World) -> Session:
    """Open a preview as it was; where this checkout does not know its children any more, by its name alone."""
    record, file = preview.record, stack_file(project.folder, preview.name)
    if record:
        try:
            return replace(open_preview(project, record), world=world)
        except CatalogError:
            pass
    elif not file.exists():
        file.write_text("config: {}\n", encoding="utf-8")
    catalog = project.catalog
    environment = next(iter(catalog.environments.values())).model_copy(update={"name": preview.name})
    target = StackTarget(environment=preview.name)
    parent = catalog.parent
    plan = Plan(parent.name, parent.version, environment, target, parent.deletion_budget, ())
    return Session(preview.name, plan, Engine(project.folder, preview.name), world, catalog, project.stacks)


def _orphans(
    catalog: Catalog, world: World, known: Collection[str]
) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, str]]:
    """Return the namespaces of previews that no stack knows, and the clusters that cannot be asked."""
    rules = catalog.previews
    around = catalog.environments.get(rules.environment) if rules else None
    clusters = [each.name for each in environment_clusters(catalog, around)] if around else []
    found, unreachable = world.previews(clusters)
    lost = {
        cluster: tuple(sorted(name for name, stack in names.items() if stack not in known))
        for cluster, names in found.items()
    }
    return {cluster: names for cluster, names in lost.items() if names}, unreachable
