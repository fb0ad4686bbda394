"""The world of one plan: its clusters and regions, looked at side by side."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from dataclasses import replace as changed
from typing import Final, TypeVar

from appofapps.catalog.models.kinds import Child
from appofapps.observe import aws, aws_ownership, kubernetes, ownership, pods, served, snapshots
from appofapps.observe.api import Get, UnreachableError, connect, create
from appofapps.observe.health import Condition, Health, judge, unknown
from appofapps.observe.ownership import Claim
from appofapps.observe.snapshots import Create, Snapshot, Volume
from appofapps.plan.plan import Address, PlannedChild

WORKERS: Final = 8

Present = Mapping[str, Mapping[Claim, bool] | str]
"""By place, the claims that something holds and whether it is ours; or why nobody can tell."""

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class World:
    """Access to the clusters and regions that plans name; the connections are kept for the whole run.

    All of it reads, but for `begin_snapshot`.
    """

    cluster: Callable[[str], Get] = connect
    client: aws.Client = aws.connect
    create: Create = create
    _open: dict[str, Get] = field(default_factory=dict)

    def unreachable(self, clusters: Iterable[str]) -> Mapping[str, str]:
        """Return the clusters out of reach, and why."""
        reasons = _side_by_side(clusters, self._probe)
        return {name: reason for name, reason in reasons.items() if reason}

    def unready(self, cluster: str) -> str:
        """Return why a cluster cannot take children now; empty when it answers and has a node ready for pods."""
        try:
            return kubernetes.unready(self._get(cluster))
        except UnreachableError as error:
            return str(error)

    def observe(self, children: Iterable[PlannedChild[Child]]) -> Mapping[Address, Health]:
        """Return how children are now, held against their plan; with the cause from their pods where not ready."""
        wanted = tuple(children)
        groups = _grouped(wanted, lambda planned: planned.place.name)
        seen = _side_by_side(groups, lambda place: self._look(groups[place]))
        found = {address: health for part in seen.values() for address, health in part.items()}
        return self._explained(wanted, found)

    def previews(self, clusters: Iterable[str]) -> tuple[Mapping[str, Mapping[str, str]], Mapping[str, str]]:
        """Return the namespaces of previews and whose they are, by cluster; and the clusters that do not answer."""
        found = _side_by_side(clusters, self._previews_in)
        told = {name: each for name, each in found.items() if not isinstance(each, str)}
        return told, {name: each for name, each in found.items() if isinstance(each, str)}

    def _previews_in(self, cluster: str) -> Mapping[str, str] | str:
        try:
            return kubernetes.previews(self._get(cluster))
        except UnreachableError as error:
            return str(error)

    def account(self, region: str) -> str:
        """Return the AWS account the credentials belong to; empty when AWS does not say."""
        try:
            return aws.account(self.client, region)
        except aws.errors():
            return ""

    def present(self, claims: Iterable[Claim], regions: Iterable[str]) -> Present:
        """Return which claims something holds, ours or not."""
        groups = _grouped(claims, lambda claim: claim.place)
        in_aws = set(regions)
        return _side_by_side(groups, lambda place: self._present(place, groups[place], aws_region=place in in_aws))

    def unserved(self, wanted: Mapping[str, Iterable[str]]) -> Mapping[str, frozenset[str]]:
        """Return, by cluster, which of some types it does not know; of one out of reach nobody can tell."""
        return _side_by_side(wanted, lambda cluster: self._unserved(cluster, wanted[cluster]))

    def _unserved(self, cluster: str, wanted: Iterable[str]) -> frozenset[str]:
        try:
            return served.unserved(self._get(cluster), wanted)
        except UnreachableError:
            return frozenset()

    def volumes(self, owner: Address, namespace: str) -> tuple[Volume, ...] | str:
        """Return the volumes that a child has in its namespace; or why nobody can tell, or take snapshots of them."""
        try:
            return snapshots.volumes(self._get(owner.place), owner, namespace)
        except UnreachableError as error:
            return f"{owner.place} {error}"

    def begin_snapshot(self, volume: Volume) -> str:
        """Ask for a snapshot of a volume, and return its name; raises UnreachableError."""
        return snapshots.begin(self.create, volume)

    def snapshot(self, volume: Volume, name: str) -> Snapshot | str:
        """Return a snapshot that is ready, or why it is not."""
        try:
            return snapshots.taken(self._get(volume.owner.place), volume, name)
        except UnreachableError as error:
            return f"{volume.owner.place} {error}"

    def cause(self, planned: PlannedChild[Child]) -> str:
        """Return why the pods of a child are not ready; empty when nothing says."""
        if planned.place.cluster is None:
            return ""
        try:
            return pods.cause(self._get(planned.place.name), planned.name)
        except UnreachableError:
            return ""

    def _get(self, cluster: str) -> Get:
        if cluster not in self._open:
            self._open[cluster] = self.cluster(cluster)
        return self._open[cluster]

    def _probe(self, cluster: str) -> str:
        try:
            return kubernetes.probe(self._get(cluster))
        except UnreachableError as error:
            return str(error)

    def _look(self, children: tuple[PlannedChild[Child], ...]) -> Mapping[Address, Health]:
        first = children[0]
        if first.place.cluster is None:
            things = [aws.Thing(each.home, each.child.main_type, each.cloud_name) for each in children]
            seen = aws.observe(self.client, things)
            return {each.address: judge(each, seen[thing]) for each, thing in zip(children, things, strict=True)}
        types = {planned.child.main_object for planned in children}
        try:
            get = self._get(first.place.name)
            objects = kubernetes.observe(get, types, first.environment.name)
            return {planned.address: judge(planned, _health(get, planned, objects)) for planned in children}
        except UnreachableError as error:
            return {planned.address: unknown(f"{first.place.name} {error}") for planned in children}

    def _explained(
        self, children: Iterable[PlannedChild[Child]], found: Mapping[Address, Health]
    ) -> Mapping[Address, Health]:
        unwell = {p.address: p for p in children if found[p.address].condition is Condition.NOT_READY}
        causes = _side_by_side(unwell, lambda address: self.cause(unwell[address]))
        better = {address: changed(found[address], cause=cause) for address, cause in causes.items() if cause}
        return {**found, **better}

    def _present(self, place: str, claims: tuple[Claim, ...], *, aws_region: bool) -> Mapping[Claim, bool] | str:
        if aws_region:
            return self._present_in_aws(place, claims)
        try:
            return ownership.present(self._get(place), claims)
        except UnreachableError as error:
            return str(error)

    def _present_in_aws(self, region: str, claims: tuple[Claim, ...]) -> Mapping[Claim, bool] | str:
        try:
            return aws_ownership.present(self.client, region, claims)
        except aws.errors() as error:
            return str(error)


def visible(claim: Claim) -> bool:
    """Tell whether `World.present` can say anything of a claim."""
    return claim.type in aws_ownership.FINDERS or ownership.is_object(claim.type)


def _health(get: Get, planned: PlannedChild[Child], objects: Mapping[kubernetes.ObjectKey, Health]) -> Health:
    main = objects.get((planned.child.main_object, planned.name), kubernetes.MISSING)
    return kubernetes.least(main, kubernetes.within(get, planned.child.other_objects, planned.name))


def _grouped(items: Iterable[T], key: Callable[[T], K]) -> dict[K, tuple[T, ...]]:
    found: defaultdict[K, list[T]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return {name: tuple(members) for name, members in found.items()}


def _side_by_side(keys: Iterable[K], look: Callable[[K], R]) -> dict[K, R]:
    wanted = tuple(keys)
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        return dict(zip(wanted, pool.map(look, wanted), strict=True))
