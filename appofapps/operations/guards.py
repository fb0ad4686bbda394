"""The guards of a deployment: each returns why not to go on, and changes nothing."""

from collections.abc import Container, Iterable, Iterator, Mapping, Set

from appofapps.engine.results import State
from appofapps.observe.health import Health, unknown
from appofapps.observe.ownership import Claim
from appofapps.observe.world import Present
from appofapps.operations.refusal import Refusal
from appofapps.operations.session import Outside
from appofapps.plan import budget
from appofapps.plan import frozen as holds
from appofapps.plan.plan import Address, Plan


def deletions(plan: Plan, state: State, confirmed: int) -> Iterator[Refusal]:
    """Refuse to remove more children than the deletion budget allows."""
    overruns = tuple(budget.overruns(state.children(), plan, confirmed))
    gone = sum(len(overrun.gone) for overrun in overruns)
    for overrun in overruns:
        yield Refusal("deletion budget", str(overrun), f"if that is meant, add --confirm-deletions {gone}")


def frozen(plan: Plan, state: State) -> Iterator[Refusal]:
    """Refuse to take a place from a paused child."""
    for lost in holds.losses(plan, state.children()):
        yield Refusal(str(lost), *holds.refusal(lost))


def unseen(there: Present, unreachable: Container[str]) -> Iterator[Refusal]:
    """Refuse to create anything where nobody can look what exists already, though the place answers."""
    for place, why in there.items():
        if isinstance(why, str) and place not in unreachable:
            message = f"nobody can tell what exists there already: {why}"
            yield Refusal(place, message, "let the deployer list namespaces and the kinds it makes, or try again")


def ownership(plan: Plan, there: Present) -> Iterator[Refusal]:
    """Refuse to take over what exists without our labels, unless the child says `adopt: true`.

    The Kubernetes provider adopts by name. AWS refuses a second resource of a name, so there it has to be imported.
    """
    clusters = {cluster.name for cluster in plan.clusters}
    seen = (part for part in there.values() if not isinstance(part, str))
    for claim in sorted(claim for part in seen for claim, ours in part.items() if not ours):
        planned = plan.by_address.get(claim.owner)
        adoptable = claim.place in clusters
        if adoptable and planned and planned.child.adopt:
            continue
        other = f"write `adopt: true` in the file of {claim.owner.child}" if adoptable else _import(claim)
        yield Refusal(str(claim.owner), f"{claim} exists and is not ours", f"remove or rename it, or {other}")


def _import(claim: Claim) -> str:
    return f"take it into the state with: pulumi import aws:{claim.type} (docs/architecture.md, Adoption, says how)"


def account(plan: Plan, actual: str) -> Iterator[Refusal]:
    """Refuse the credentials of another AWS account."""
    wanted = plan.environment.aws_account
    if actual and actual != wanted:
        message = f"the AWS credentials are of account {actual}, environment {plan.environment.name} is in {wanted}"
        yield Refusal(plan.environment.name, message, f"set AWS_PROFILE to a profile of {wanted}")


def health(
    plan: Plan, changing: Set[Address], seen: Mapping[Address, Health], unreachable: Iterable[str]
) -> Iterator[Refusal]:
    """Refuse to release a child while something it needs, which this run leaves alone, is not observed ready.

    The engine looks only at what it changes. Children in clusters out of reach are not judged: they cannot start.
    """
    closed = set(unreachable)
    for planned in plan.children:
        if planned.address not in changing or planned.place.name in closed:
            continue
        for need in set(planned.needs) - changing:
            now = seen.get(need, unknown("not looked at"))
            if not now.ready:
                yield Refusal(str(planned.address), f"needs {need}, which is {_how(now)}", _repair(need))


def outside_needs(
    plan: Plan, chosen: Set[Address], outside: Mapping[Address, Outside], seen: Mapping[Address, Health]
) -> Iterator[Refusal]:
    """Refuse to run before the stacks that run what this one needs."""
    for planned in plan.children:
        for need in planned.outside_needs if planned.address in chosen else ():
            there = outside[need]
            now = seen.get(need, unknown("not looked at"))
            if not there.stack:
                hint = "let a stack's `clusters` and `select` take it"
                yield Refusal(str(planned.address), f"needs {need}, which no stack of this environment runs", hint)
            elif not now.ready:
                message = f"needs {need} of stack {there.stack}, which is {_how(now)}"
                yield Refusal(str(planned.address), message, f"aoa up --stack {there.stack}")


def _how(now: Health) -> str:
    return f"{now.condition}: {now.cause}" if now.cause else str(now.condition)


def _repair(need: Address) -> str:
    return f"look at it with `aoa status`; `aoa up --refresh --only {need.child}` repairs what was changed by hand"
