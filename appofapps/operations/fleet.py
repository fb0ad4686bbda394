"""All stacks of an environment: side by side, each after those it needs, past failures."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.problems import CatalogError
from appofapps.engine.command import forwarding_interrupts
from appofapps.engine.results import EngineError, LockedError
from appofapps.observe.snapshots import Snapshot
from appofapps.operations.deploy import Wish, deploy
from appofapps.operations.deployed import deployed_digest
from appofapps.operations.destroy import destroy as delete
from appofapps.operations.fleet_report import COULD_NOT_RUN, REFUSED, FleetReport, Report, StackRun
from appofapps.operations.preview import PreviewReport
from appofapps.operations.preview import preview as ask
from appofapps.operations.refusal import Refusal, RefusedError, refuse_any
from appofapps.operations.report import RunReport
from appofapps.operations.schedule import side_by_side
from appofapps.operations.session import Project, Session, open_project, stack_needs
from appofapps.operations.talk import Talk
from appofapps.plan.checks.partitions import check_partition
from appofapps.plan.digest import digest
from appofapps.plan.partition import owners
from appofapps.plan.plan import Address

PARALLEL = 4
"""Stacks at a time. Each is an engine and a program, and they wait for clusters most of the time."""
DELAYS = (2.0, 8.0)
"""Seconds before the second and the third attempt."""

Needs = Mapping[str, frozenset[str]]
Work = Callable[[Session, Talk], Report]


@dataclass(frozen=True)
class Fleet:
    """The stacks of one environment, and how to run them."""

    project: Project
    environment: str
    needs: Needs
    """Each stack, with those it needs."""
    parallel: int = PARALLEL
    changed: bool = False
    """Leave out stacks that are what the catalog says, as far as they record it."""
    part: bool = False
    """A run leaves some children alone: it is not recorded as the stack's deployment."""
    delays: tuple[float, ...] = DELAYS


@dataclass(frozen=True, slots=True)
class Tenants:
    """Whose stacks of an environment are meant: everybody's shared ones, or those of tenants."""

    names: tuple[str, ...] = ()
    everyone: bool = False

    def have(self, tenant: str | None) -> bool:
        """Tell whether a stack of this tenant, or of none, is meant."""
        if self.everyone or self.names:
            return tenant is not None and (self.everyone or tenant in self.names)
        return tenant is None


def open_fleet(
    folder: Path,
    root: Path,
    environment: str,
    *,
    parallel: int | None = None,
    changed: bool = False,
    tenants: Tenants = Tenants(),
) -> Fleet:
    """Load a project and the stacks of one of its environments.

    Raises CatalogError for a wrong catalog, or two stacks that take the same child; RefusedError where no stack runs
    the environment, or stacks need each other.
    """
    project = open_project(folder, root)
    refuse_any(_unknown(project, tenants))
    mine = {
        name: target for name, target in project.stacks.items() if tenants.have(target.tenant) and not target.preview
    }
    fleet = fleet_of(replace(project, stacks=mine), environment)
    return replace(fleet, parallel=parallel or PARALLEL, changed=changed)


def _unknown(project: Project, tenants: Tenants) -> Iterator[Refusal]:
    for name in tenants.names:
        if name not in project.catalog.tenants:
            yield Refusal(name, "no such tenant", did_you_mean(name, project.catalog.tenants))


def fleet_of(project: Project, environment: str) -> Fleet:
    """Return the fleet of an environment of a project; raises as `open_fleet` does."""
    needs = stack_needs(project.catalog, project.stacks, environment)
    check_partition(project.catalog, {stack: project.stacks[stack] for stack in needs}, project.folder)
    return Fleet(project, environment, needs)


def up(fleet: Fleet, wish: Wish, talk: Talk) -> FleetReport:
    """Bring every stack to what the catalog says; what needs a failed one is left out, and reported."""
    wish = replace(wish, record=True)
    return _run("up", fleet, fleet.needs, lambda session, own: deploy(session, wish, own), talk, wish)


def up_some(fleet: Fleet, chosen: Iterable[Address], talk: Talk) -> FleetReport:
    """Bring some children to what the catalog says, and what they need with them; nothing is removed anywhere."""
    owned = owners(fleet.project.catalog, fleet.project.stacks, fleet.environment)
    shares: dict[str, list[str]] = {}
    for address in sorted(chosen):
        for stack in owned[address]:
            shares.setdefault(stack, []).append(str(address))
    needs: Needs = {stack: fleet.needs[stack] & shares.keys() for stack in shares}

    def work(session: Session, own: Talk) -> Report:
        return deploy(session, Wish(only=tuple(shares[session.stack])), own)

    return _run("up", replace(fleet, part=True), needs, work, talk)


def preview(fleet: Fleet, talk: Talk, *, refresh: bool = False) -> FleetReport:
    """Ask what `up` would change in every stack; nothing is written, so no stack waits for another."""
    apart: Needs = {stack: frozenset() for stack in fleet.needs}
    return _run("preview", fleet, apart, lambda session, _: ask(session, refresh=refresh), talk)


def destroy(fleet: Fleet, talk: Talk) -> FleetReport:
    """Delete every stack, each after those that need it."""
    backwards = {one: frozenset(other for other in fleet.needs if one in fleet.needs[other]) for one in fleet.needs}
    return _run("destroy", fleet, backwards, delete, talk)


def recorded(session: Session) -> bool:
    """Tell whether a stack is, as far as it records it, what the catalog says."""
    return deployed_digest(session.engine.state()) == digest(session.plan)


def _run(verb: str, fleet: Fleet, needs: Needs, work: Work, talk: Talk, wish: Wish | None = None) -> FleetReport:
    began = time.monotonic()
    runner = _Runner(fleet, work, talk, wish or Wish())
    with forwarding_interrupts(runner.interrupt):
        runs = side_by_side(needs, runner.run, fleet.parallel)
    return FleetReport(verb, fleet.environment, tuple(runs.values()), time.monotonic() - began)


class _Runner:
    """Runs stacks on threads of its own, until it is interrupted."""

    def __init__(self, fleet: Fleet, work: Work, talk: Talk, wish: Wish) -> None:
        self._fleet, self._work, self._talk, self._wish = fleet, work, talk, wish
        self._stopping = threading.Event()
        self._open: dict[str, Session] = {}

    def interrupt(self) -> None:
        """End all runs cleanly, and begin no other; called again, at once."""
        self._stopping.set()
        for session in tuple(self._open.values()):
            session.engine.interrupt()

    def run(self, stack: str, before: Mapping[str, StackRun]) -> StackRun:
        """Run one stack, again where that may help, unless one it waits for failed."""
        began = time.monotonic()
        broken = [name for name, run in before.items() if run.exit_code]
        if broken:
            return StackRun(stack, skipped=f"waits for {', '.join(broken)}, which failed", exit_code=1)
        if self._stopping.is_set():
            return StackRun(stack, skipped="interrupted before it began", exit_code=1)
        run = self._attempt(stack)
        for attempt, delay in enumerate(self._fleet.delays, 2):
            if not run.again or self._stopping.is_set():
                break
            self._talk.say(f"{stack}: {run.again}; attempt {attempt} in {delay:.0f}s")
            self._stopping.wait(delay)
            run = replace(self._again(stack, run), attempts=attempt)
        return replace(run, seconds=time.monotonic() - began)

    def _again(self, stack: str, last: StackRun) -> StackRun:
        """Run a stack again, unless what was out of reach still is: then the outcome would be the same."""
        closed = last.report.unreachable if last.report else {}
        if closed and stack in self._open and self._open[stack].world.unreachable(closed).keys() == closed.keys():
            return last
        return self._attempt(stack)

    def _attempt(self, stack: str) -> StackRun:
        try:
            session = self._fleet.project.session(
                stack, confirm_deletions=self._wish.confirm_deletions, part=self._fleet.part
            )
            self._open[stack] = session
            if self._fleet.changed and recorded(session):
                return StackRun(stack, skipped="as it was last deployed")
            report = self._work(session, self._own_talk(stack))
        except RefusedError as error:
            return StackRun(stack, error=error.advice, exit_code=REFUSED)
        except EngineError as error:
            again = "locked" if isinstance(error, LockedError) else "the engine could not run"
            return StackRun(stack, error=str(error), exit_code=COULD_NOT_RUN, again=again)
        except KeyboardInterrupt:
            return StackRun(stack, error="interrupted", exit_code=1)
        except CatalogError as error:
            return StackRun(stack, error=str(error), exit_code=REFUSED)
        except Exception as error:  # its own stack's trouble, whatever it is: the others go on, and are reported
            what = f"this should not happen: {type(error).__name__}: {error}"
            return StackRun(stack, error=what, exit_code=COULD_NOT_RUN)
        retried = isinstance(report, RunReport) and report.exit_code and report.unreachable
        again = f"out of reach: {', '.join(report.unreachable)}" if retried else ""
        return StackRun(stack, report, exit_code=report.exit_code, again=again)

    def _own_talk(self, stack: str) -> Talk:
        def confirm(_: PreviewReport) -> bool:
            """Go on: a person was asked once, for all stacks; an interrupt between two steps of the engine counts."""
            self._end_if_interrupted()
            return True

        def saved(snapshots: tuple[Snapshot, ...]) -> None:
            """Tell of what was saved; who pressed Ctrl-C while it was awaited does not want the deletion to follow."""
            self._talk.saved(snapshots)
            self._end_if_interrupted()

        def say(message: str) -> None:
            self._talk.say(f"{stack}: {message}")

        return replace(self._talk, say=say, confirm=confirm, saved=saved)

    def _end_if_interrupted(self) -> None:
        if self._stopping.is_set():
            raise KeyboardInterrupt
