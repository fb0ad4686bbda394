"""From the engine's result to the outcome of each child."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

from appofapps.catalog.models.kinds import Child
from appofapps.engine.results import Diagnostic, Operation, ResourceName, RunResult, State
from appofapps.observe.world import World
from appofapps.operations.cause import is_cancelled, summary
from appofapps.operations.progress import QUIET, Progress
from appofapps.operations.report import ChildOutcome, Outcome
from appofapps.operations.versions import deployed_versions, owners
from appofapps.plan.plan import Address, Plan, PlannedChild


def deployed(
    plan: Plan,
    chosen: Set[Address],
    changing: Set[Address],
    result: RunResult,
    progress: Progress,
    unreachable: Mapping[str, str],
) -> tuple[ChildOutcome, ...]:
    """Return how an `up` ended for each child it was about, and for those it removed.

    `changing` are those that were to change: the others are unchanged, also when the engine never came to them.
    """
    judge = _Judge(result, changing, unreachable)
    found: dict[Address, ChildOutcome] = {}
    for planned in plan.children:
        if planned.address in chosen:
            found[planned.address] = judge.outcome(planned, found, progress)
    return (*found.values(), *removed(plan, result))


def removed(plan: Plan, result: RunResult) -> tuple[ChildOutcome, ...]:
    """Return the children that a run took away, and those it could not."""
    failed = _messages(result.failures)
    touched = {change.name.child for change in result.changes if change.operation is Operation.DELETE} | failed.keys()
    gone = sorted(address for address in touched if address is not None and address not in plan.by_address)
    return tuple(
        ChildOutcome(address, "", "", "", Outcome.FAILED if address in failed else Outcome.REMOVED,
                     failed.get(address, ""))
        for address in gone
    )  # fmt: skip


def explained(
    plan: Plan, outcomes: Iterable[ChildOutcome], failures: Iterable[Diagnostic], world: World
) -> tuple[ChildOutcome, ...]:
    """Put what the pods say in place of what the engine says, where it waited for pods: they know the cause."""
    failed = {(failure.name.child, failure.name.resource) for failure in failures if failure.name}
    return tuple(_explained(plan, outcome, failed, world) for outcome in outcomes)


def _explained(
    plan: Plan, outcome: ChildOutcome, failed: Set[tuple[Address | None, str]], world: World
) -> ChildOutcome:
    planned = plan.by_address.get(outcome.address)
    if planned is None or not any(planned.child.runs_pods(name) for at, name in failed if at == outcome.address):
        return outcome
    cause = world.cause(planned) if outcome.outcome is Outcome.FAILED else ""
    return replace(outcome, cause=cause) if cause else outcome


def resource(name: ResourceName) -> str:
    """Return a resource as people know it: `cart@eu-1/deployment`."""
    return f"{name.child}/{name.resource}" if name.child else name.resource


class _Judge:
    """Knows what one run did."""

    def __init__(self, result: RunResult, changing: Set[Address], unreachable: Mapping[str, str]) -> None:
        self._failed = _messages(result.failures)
        self._changing = changing
        self._unreachable = unreachable
        self._open = {name.child for name in result.unfinished}
        self._interrupted = result.interrupted
        self._changed = {change.name.child for change in result.changes if change.operation not in QUIET}
        self._live = {(change.name.child, change.name.resource) for change in result.changes}

    def outcome(
        self, planned: PlannedChild[Child], before: Mapping[Address, ChildOutcome], progress: Progress
    ) -> ChildOutcome:
        """Judge one child; those it needs were judged `before`."""
        outcome, cause = self._verdict(planned, before)
        seconds = progress.row(planned.address).seconds(0.0)
        child = planned.child
        return ChildOutcome(planned.address, child.kind, child.version, child.owner.team, outcome, cause, seconds)

    def _verdict(self, planned: PlannedChild[Child], before: Mapping[Address, ChildOutcome]) -> tuple[Outcome, str]:
        address = planned.address
        live = (address, planned.child.main_resource) in self._live
        if planned.place.name in self._unreachable and not (live and address in self._changed):
            return Outcome.OUT_OF_REACH, f"{planned.place.name} {self._unreachable[planned.place.name]}"
        if address in self._failed and not (self._interrupted and is_cancelled(self._failed[address])):
            return Outcome.FAILED, self._failed[address]
        if live and address not in self._open:
            return (Outcome.DEPLOYED if address in self._changed else Outcome.UNCHANGED), ""
        if address not in self._changing and address not in self._open:
            return Outcome.UNCHANGED, ""
        broken = [need for need in planned.needs if before[need].outcome in STOPPING]
        if broken:
            return Outcome.NOT_STARTED, f"needs {', '.join(f'{need} ({before[need].outcome})' for need in broken)}"
        return Outcome.UNFINISHED, "interrupted" if self._interrupted else "the run ended before it was ready"


STOPPING = frozenset({Outcome.FAILED, Outcome.NOT_STARTED, Outcome.OUT_OF_REACH, Outcome.UNFINISHED})


def _messages(failures: Iterable[Diagnostic]) -> dict[Address, str]:
    found: dict[Address, list[str]] = {}
    for failure in failures:
        if failure.name and failure.name.child:
            found.setdefault(failure.name.child, []).append(summary(failure.message))
    return {address: "; ".join(dict.fromkeys(messages)) for address, messages in found.items()}


def destroyed(before: State, left: State, result: RunResult, progress: Progress) -> tuple[ChildOutcome, ...]:
    """Return how a `destroy` ended for each child that was deployed."""
    failed, versions, teams = _messages(result.failures), deployed_versions(before), owners(before)
    remaining = left.children()

    def outcome(address: Address) -> ChildOutcome:
        gone = address not in remaining
        verdict = Outcome.REMOVED if gone else Outcome.FAILED if address in failed else Outcome.UNFINISHED
        cause = "" if gone else failed.get(address, "something that needs it is still there")
        seconds = progress.row(address).seconds(0.0)
        return ChildOutcome(address, "", versions.get(address, ""), teams.get(address, ""), verdict, cause, seconds)

    return tuple(outcome(address) for address in sorted(before.children()))
