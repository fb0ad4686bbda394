"""Whether what is removed is gone: its names are looked for before it goes, and again afterwards."""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from appofapps.engine.results import State
from appofapps.observe.ownership import Claim
from appofapps.observe.world import Present, World, visible
from appofapps.operations import claims
from appofapps.operations.session import Session

PATIENCE: Final = 60.0
"""Seconds that a cluster gets to finish deleting namespaces after the engine is done."""


@dataclass(frozen=True, slots=True)
class Left:
    """What is still there of what should be gone."""

    there: tuple[Claim, ...] = ()
    unseen: Mapping[str, str] = field(default_factory=dict)
    """Places that could not be looked at, and why: nothing is known to be gone from them."""

    def __bool__(self) -> bool:
        """Tell whether anything is, or may be, left."""
        return bool(self.there or self.unseen)


@dataclass(frozen=True, slots=True)
class Held:
    """What there is of something that is to go, as far as it can be looked for."""

    claims: tuple[Claim, ...]
    world: World
    regions: frozenset[str]
    """Those of the places that are regions of AWS."""

    def left(self) -> Left:
        """Look what is still there."""
        found = self.world.present(self.claims, self.regions)
        there = (claim for part in found.values() if isinstance(part, Mapping) for claim in part)
        return Left(tuple(sorted(there)), {place: why for place, why in found.items() if isinstance(why, str)})


def held(session: Session, state: State, children: Container[str], more: Iterable[Claim] = ()) -> Held:
    """Look at what a state records of some children, and at what `more` they hold if it is ours."""
    regions = {cluster.name: cluster.region for cluster in session.catalog.clusters.values()}
    recorded = {claim for claim in claims.of_state(state, children, regions) if visible(claim)}
    wanted = recorded.union(filter(visible, more))
    in_aws = frozenset(claim.place for claim in wanted) - set(regions)
    before = session.world.present(wanted, in_aws)
    return Held(tuple(sorted(each for each in wanted if _goes(each, before, recorded))), session.world, in_aws)


def _goes(claim: Claim, before: Present, recorded: Collection[Claim]) -> bool:
    found = before[claim.place]
    return isinstance(found, str) or found.get(claim, False) or (claim in found and claim in recorded)


def everything_of(session: Session) -> Held:
    """Look at what a stack has; at its namespaces by the plan, too: after an interrupted removal no state has them."""
    state = session.engine.state()
    return held(session, state, {address.child for address in state.children()}, claims.of_plan(session.plan))


def left_in_time(before: Held, sleep: Callable[[float], None]) -> Left:
    """Return what is left once the clusters had time: a namespace goes after what is in it."""
    deadline = time.monotonic() + PATIENCE
    while (left := before.left()) and time.monotonic() < deadline:
        sleep(1.0)
    return left


def by_place(left: Iterable[Left]) -> Mapping[str, tuple[str, ...]]:
    """Return what is left in words, by cluster and region."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for each in left:
        for claim in each.there:
            found[claim.place].append(claim.what)
        for place, why in each.unseen.items():
            found[place].append(why)
    return {place: tuple(what) for place, what in found.items()}
