"""Whether what is removed is gone: its names are looked for before it goes, and again afterwards."""

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field

from appofapps.engine.results import State
from appofapps.observe.ownership import Claim
from appofapps.observe.world import Present, World, visible
from appofapps.operations import claims
from appofapps.operations.session import Session


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
