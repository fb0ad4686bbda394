"""A cluster that is gone for good: its children leave the states of their stacks, and nothing else is touched."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.models.parent import Record
from appofapps.engine.results import State
from appofapps.observe.api import refuses_us
from appofapps.observe.world import World
from appofapps.operations.edit import set_fields, write
from appofapps.operations.outcomes import resource
from appofapps.operations.refusal import Refusal, RefusedError, refuse_any
from appofapps.operations.session import Project, Session, open_project
from appofapps.plan import budget
from appofapps.plan.plan import Address


@dataclass(frozen=True, slots=True)
class StackLoss:
    """What one stack would lose, or has lost."""

    stack: str
    children: tuple[Address, ...]
    resources: tuple[str, ...] = ()
    """What left the state."""


@dataclass(frozen=True, slots=True)
class ForgetReport:
    """What was forgotten with a cluster."""

    cluster: str
    why: str
    """How it does not answer."""
    record: Path
    """The file of the cluster, which says that it is forgotten, by whom and why."""
    stacks: tuple[StackLoss, ...]


Confirm = Callable[[ForgetReport], bool]


def forget(
    folder: Path, root: Path, cluster: str, record: Record, *, confirm_deletions: int = 0,
    confirm: Confirm = lambda _: True, world: World | None = None,
) -> ForgetReport | None:  # fmt: skip
    """Record that a cluster is gone for good, and take what was in it out of the states; None when not confirmed.

    What its children had elsewhere, such as roles in AWS, stays registered, and is deleted by the next `up`.
    Raises RefusedError for an unknown cluster, one that answers, or more children than the deletion budget;
    CatalogError when a child would have nowhere to run; EngineError and LockedError when a state cannot be read or
    written: then the same command again goes on.
    """
    project = open_project(folder, root)
    why = _out_of_reach(project, cluster, world or World())
    sessions = [project.session(stack) for stack in sorted(project.stacks)]
    with ThreadPoolExecutor() as pool:
        states = dict(zip(sorted(project.stacks), pool.map(lambda each: each.engine.state(), sessions), strict=True))
    refuse_any(_over_budget(sessions, states, cluster, confirm_deletions))
    losses = tuple(StackLoss(stack, lost) for stack, state in states.items() if (lost := _lost(state, cluster)))
    file = project.catalog.cluster_files[cluster]
    known = project.catalog.clusters[cluster].forgotten
    texts = {} if known else {file: set_fields(file, {"forgotten": record.model_dump()}, after="region")}
    write(root, texts, folder, keep=False)
    if not confirm(ForgetReport(cluster, why, file, losses)):
        return None
    write(root, texts, folder)
    engines = {session.stack: session.engine for session in sessions}
    done = (
        StackLoss(loss.stack, loss.children, tuple(map(resource, engines[loss.stack].forget(cluster))))
        for loss in losses
    )
    return ForgetReport(cluster, why, file, tuple(done))


def _out_of_reach(project: Project, cluster: str, world: World) -> str:
    """Return how a cluster does not answer; raise RefusedError when it does, or is not known."""
    known = project.catalog.clusters
    if cluster not in known:
        raise RefusedError([Refusal(cluster, "no such cluster", did_you_mean(cluster, known))])
    why = world.unreachable([cluster]).get(cluster, "")
    if not why:
        hint = "narrow `clusters` or `target`, and let `aoa up` remove what is in it"
        raise RefusedError([Refusal(cluster, "the cluster answers: what is in it would be left behind", hint)])
    if refuses_us(why):
        hint = "put the credentials of its context right, then look again"
        raise RefusedError([Refusal(cluster, f"it lives, and {why}", hint)])
    return why


def _over_budget(sessions: list[Session], states: Mapping[str, State], cluster: str, confirmed: int) -> list[Refusal]:
    found: list[Refusal] = []
    for session in sessions:
        state = states[session.stack]
        left = state.children() - set(_lost(state, cluster))
        overruns = tuple(budget.overruns(state.children(), session.plan, confirmed, left))
        hint = f"if that is meant, add --confirm-deletions {sum(len(overrun.gone) for overrun in overruns)}"
        found += [Refusal(f"deletion budget of stack {session.stack}", str(overrun), hint) for overrun in overruns]
    return found


def _lost(state: State, cluster: str) -> tuple[Address, ...]:
    return tuple(sorted(address for address in state.children() if address.place == cluster))
