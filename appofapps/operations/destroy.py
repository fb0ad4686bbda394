"""`destroy`: everything of a stack, in reverse order."""

from functools import partial

from appofapps.engine.results import State
from appofapps.operations import interrupt, outcomes
from appofapps.operations.preview import ChildChange, PreviewReport, Verb, unattributed
from appofapps.operations.progress import Progress, resource_counts
from appofapps.operations.recovered import recovered
from appofapps.operations.report import RunReport
from appofapps.operations.session import Session
from appofapps.operations.snapshots import due, take
from appofapps.operations.talk import Talk
from appofapps.operations.versions import deployed_versions


def destroy(session: Session, talk: Talk | None = None, *, parallel: int | None = None) -> RunReport:
    """Delete everything of a stack, and report child by child.

    Raises RefusedError where no snapshot can be taken of a volume that is not to go without, EngineError and
    LockedError when the engine could not run.
    """
    talk = talk or Talk()
    talk.say("looking at the state")
    state, notes = recovered(session, talk.say)
    unreachable = session.world.unreachable(cluster.name for cluster in session.plan.clusters)
    if not state.resources:
        return RunReport("destroy", session.stack, unreachable=unreachable, notes=notes)
    volumes = due(session.world, state, state.children())
    if not talk.confirm(_all_removed(session, state)):
        return RunReport("destroy", session.stack, failures=("not confirmed: nothing was deleted",), notes=notes)
    snapshots = take(session.world, volumes, talk.say)
    talk.saved(snapshots)
    progress = Progress((), dict(sorted(resource_counts(state).items())), talk.listen)
    with talk.show(progress):
        work = partial(session.engine.destroy, parallel=parallel, on_event=progress.on_event)
        result = interrupt.run(session.engine, work, talk.say)
    left = session.engine.state() if not result.succeeded else State((), ())
    return RunReport(
        verb="destroy",
        stack=session.stack,
        children=outcomes.destroyed(state, left, result, progress),
        unreachable=unreachable,
        failures=unattributed(result, unreachable),
        notes=notes,
        unfinished=tuple(outcomes.resource(name) for name in result.unfinished),
        snapshots=snapshots,
        interrupted=result.interrupted,
        seconds=result.seconds,
    )


def _all_removed(session: Session, state: State) -> PreviewReport:
    versions = deployed_versions(state)
    children = (ChildChange(a, Verb.REMOVED, old_version=versions.get(a, "")) for a in sorted(state.children()))
    return PreviewReport(session.stack, tuple(children))
