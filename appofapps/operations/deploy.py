"""`up`: look, ask, deploy, report."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from appofapps.engine.results import RunResult, State
from appofapps.observe.ownership import Claim
from appofapps.operations import claims, guards, interrupt, outcomes
from appofapps.operations.definitions import missing
from appofapps.operations.deployed import deployed_digest
from appofapps.operations.preview import describe, effective, first, unattributed
from appofapps.operations.progress import Progress, resource_counts
from appofapps.operations.recovered import recovered
from appofapps.operations.refusal import Refusal, refuse_any
from appofapps.operations.report import RunReport
from appofapps.operations.retention import unkept, unrecorded
from appofapps.operations.scope import scope, targets
from appofapps.operations.session import Session
from appofapps.operations.snapshots import due, take
from appofapps.operations.talk import Talk
from appofapps.operations.watch import watching
from appofapps.plan.budget import addresses
from appofapps.plan.digest import digest
from appofapps.plan.plan import Address, Plan


@dataclass(frozen=True, slots=True)
class Wish:
    """What an `up` is asked to do."""

    only: tuple[str, ...] = ()
    """Children, or children in a place; what they need comes along. Empty means all."""
    refresh: bool = False
    """Read the world into the state first, so that edits by hand are repaired."""
    confirm_deletions: int = 0
    """How many removals a person has agreed to."""
    parallel: int | None = None
    record: bool = False
    """Let the engine run also without changes, so that the stack records that it is what the plan says."""


@dataclass(frozen=True, slots=True)
class _Scene:
    """An `up` under way, and what was seen before it."""

    session: Session
    wish: Wish
    talk: Talk
    chosen: frozenset[Address]
    targets: tuple[str, ...]
    state: State
    unreachable: Mapping[str, str]
    account: Future[str]
    notes: tuple[str, ...]


def deploy(session: Session, wish: Wish, talk: Talk | None = None) -> RunReport:
    """Bring a stack to what the catalog says, and report child by child.

    Raises RefusedError when a guard says no, EngineError and LockedError when the engine could not run.
    """
    talk = talk or Talk()
    chosen = scope(session.plan, wish.only)
    talk.say("looking at the state and the clusters")
    with ThreadPoolExecutor() as pool:
        unreachable = pool.submit(session.world.unreachable, [cluster.name for cluster in session.plan.clusters])
        account = pool.submit(_account, session)
        state, notes = recovered(session, talk.say)
        aims = targets(session.plan, chosen) if wish.only else ()
        return _deploy(_Scene(session, wish, talk, chosen, aims, state, unreachable.result(), account, notes))


def _deploy(scene: _Scene) -> RunReport:
    session, plan = scene.session, scene.session.plan
    refuse_any(_early(scene))
    preview = None
    if scene.state.resources:  # the engine need not say what becomes of a stack that has nothing yet
        scene.talk.say("asking the engine what would change")
        preview = session.engine.preview(refresh=scene.wish.refresh, targets=scene.targets)
        if preview.interrupted:
            raise KeyboardInterrupt
        quiet = not (effective(preview) or _unrecorded(scene) or unrecorded(plan, scene.state) or _half_gone(scene))
        if unattributed(preview, scene.unreachable):  # what it would have changed, nobody has
            return _report(scene, replace(preview, changes=(), unfinished=()), Progress(()), frozenset())
        if quiet:
            return _report(scene, preview, Progress(()), frozenset())
    chosen = frozenset(address for address in scene.chosen if not plan.by_address[address].child.paused)
    changing = chosen if preview is None else _changing(plan, preview)
    refuse_any((*_claimed(scene, preview), *missing(plan, changing, session.world), *_gates(scene, changing)))
    volumes = due(session.world, scene.state, _leaving(scene))
    changes = first(plan, session.stack, chosen) if preview is None else describe(
        session, preview, scene.state, scene.unreachable)  # fmt: skip
    if not scene.talk.confirm(changes):
        return RunReport("up", session.stack, failures=("not confirmed: nothing was deployed",), notes=scene.notes)
    snapshots = take(session.world, volumes, scene.talk.say)
    scene.talk.saved(snapshots)
    return replace(_run(scene, changing), snapshots=snapshots)


def _unrecorded(scene: _Scene) -> bool:
    """Tell whether the engine is to run for the record alone."""
    wanted = scene.wish.record and not scene.wish.only
    return wanted and deployed_digest(scene.state) != digest(scene.session.plan)


def _half_gone(scene: _Scene) -> bool:
    """Tell whether the state knows children that are gone: a killed run may leave their components, and nothing else.

    Components are no changes of their own, so that no preview tells.
    """
    return not scene.wish.only and not scene.state.children() <= addresses(scene.session.plan)


def _changing(plan: Plan, preview: RunResult) -> frozenset[Address]:
    """Return the children that would change, or may: a preview does not come to what needs one that it failed for."""
    found = {change.name.child for change in effective(preview)}
    failed = {failure.name.child for failure in preview.failures if failure.name}
    for planned in plan.children:
        if not failed.isdisjoint(planned.needs):
            failed.add(planned.address)
    return frozenset(address for address in found | failed if address)


def _claimed(scene: _Scene, preview: RunResult | None) -> Iterator[Refusal]:
    plan = scene.session.plan
    found: Iterable[Claim] = claims.of_plan(plan) if preview is None else claims.of_changes(plan, preview.changes)
    mine = [claim for claim in found if claim.owner in scene.chosen]
    regions = {claim.place for claim in mine} - {cluster.name for cluster in plan.clusters}
    there = scene.session.world.present(mine, regions)
    yield from guards.unseen(there, scene.unreachable)
    yield from guards.ownership(plan, there)


def _early(scene: _Scene) -> Iterator[Refusal]:
    """Yield what needs no preview to know."""
    plan = scene.session.plan
    if not scene.wish.only:  # a run with targets removes nothing
        yield from guards.frozen(plan, scene.state)
        yield from unkept(scene.session.catalog.root, plan, scene.state)
        yield from guards.deletions(plan, scene.state, scene.wish.confirm_deletions)
    yield from guards.account(plan, scene.account.result())


def _gates(scene: _Scene, changing: frozenset[Address]) -> Iterator[Refusal]:
    session, plan = scene.session, scene.session.plan
    needs = {need for child in plan.children if child.address in changing for need in child.needs} - changing
    seen = session.world.observe(plan.by_address[need] for need in sorted(needs))
    yield from guards.health(plan, changing, seen, scene.unreachable)
    outside = [there.planned for there in session.outside.values() if there.planned]
    yield from guards.outside_needs(plan, changing, session.outside, session.world.observe(outside))


def _run(scene: _Scene, changing: frozenset[Address]) -> RunReport:
    session, wish = scene.session, scene.wish
    children = [planned for planned in session.plan.children if planned.address in scene.chosen]
    progress = Progress(children, _leaving(scene), scene.talk.listen)
    up = partial(
        session.engine.up, refresh=wish.refresh, targets=scene.targets, parallel=wish.parallel,
        on_event=progress.on_event,
    )  # fmt: skip
    with scene.talk.show(progress), watching(progress, session.plan, session.world):
        result = interrupt.run(session.engine, up, scene.talk.say)
    report = _report(scene, result, progress, changing)
    return replace(report, children=outcomes.explained(session.plan, report.children, result.failures, session.world))


def _report(scene: _Scene, result: RunResult, progress: Progress, changing: frozenset[Address]) -> RunReport:
    plan = scene.session.plan
    return RunReport(
        verb="up",
        stack=scene.session.stack,
        children=outcomes.deployed(plan, scene.chosen, changing, result, progress, scene.unreachable),
        unreachable=scene.unreachable,
        failures=unattributed(result, scene.unreachable),
        notes=scene.notes,
        unfinished=tuple(outcomes.resource(name) for name in result.unfinished),
        interrupted=result.interrupted,
        seconds=result.seconds,
    )


def _leaving(scene: _Scene) -> Mapping[Address, int]:
    if scene.wish.only:
        return {}
    keeps = addresses(scene.session.plan)
    return {address: count for address, count in resource_counts(scene.state).items() if address not in keeps}


def _account(session: Session) -> str:
    regions = session.plan.regions
    return session.world.account(regions[0]) if regions else ""
