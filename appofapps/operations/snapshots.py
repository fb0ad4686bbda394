"""Before a child goes: a snapshot of each of its volumes, where its policy says so. None is ready, nothing goes."""

import time
from collections.abc import Callable, Collection, Iterable
from typing import Final

from appofapps.engine.results import State
from appofapps.observe.api import UnreachableError
from appofapps.observe.snapshots import Snapshot, Volume
from appofapps.observe.world import World
from appofapps.operations.refusal import Refusal, RefusedError, refuse_any
from appofapps.operations.retention import to_snapshot
from appofapps.plan.plan import Address

PATIENCE: Final = 3600.0
"""Seconds that the storage gets to make its snapshots ready; a large volume's first one is copied as a whole."""
_HINT: Final = "put that right, or deploy it with another deletion_policy first (docs/lifecycle.md)"


def due(world: World, state: State, going: Collection[Address]) -> tuple[Volume, ...]:
    """Return the volumes of children that go, of which snapshots are to be taken.

    By the policy that was last deployed, since their files may be gone. Raises RefusedError where one cannot be taken
    that stays.
    """
    found: list[Volume] = []
    refused: list[Refusal] = []
    for address, namespace in sorted(to_snapshot(state).items()):
        volumes = world.volumes(address, namespace) if address in going else ()
        if isinstance(volumes, str):
            refused.append(Refusal(str(address), f"no snapshots of its volumes can be taken: {volumes}", _HINT))
        else:
            found += volumes
    refuse_any([*refused, *(_unclassed(volume) for volume in found if not volume.snapshot_class)])
    return tuple(found)


def _unclassed(volume: Volume) -> Refusal:
    wanted = f"driver {volume.driver!r} and deletionPolicy Retain"
    return Refusal(str(volume.owner), f"{volume}: {volume.owner.place} has no VolumeSnapshotClass of {wanted}", _HINT)


def take(
    world: World, volumes: Iterable[Volume], say: Callable[[str], None], *,
    patience: float = PATIENCE, sleep: Callable[[float], None] = time.sleep,
) -> tuple[Snapshot, ...]:  # fmt: skip
    """Take snapshots, and return them once all are ready. Raises RefusedError; those that were made stay."""
    waiting = {volume: _begun(world, volume) for volume in volumes}
    done: list[Snapshot] = []
    why: dict[Volume, str] = {}
    deadline = time.monotonic() + patience
    for volume, name in waiting.items():
        say(f"taking snapshot {volume.namespace}/{name} of {volume.claim} in {volume.owner.place}")
    while waiting:
        for volume, name in tuple(waiting.items()):
            seen = world.snapshot(volume, name)
            if isinstance(seen, str):
                why[volume] = seen
            else:
                done.append(seen)
                del waiting[volume]
        if waiting and time.monotonic() >= deadline:
            raise RefusedError(_late(volume, name, why[volume]) for volume, name in waiting.items())
        if waiting:
            sleep(1.0)
    return tuple(done)


def _begun(world: World, volume: Volume) -> str:
    try:
        return world.begin_snapshot(volume)
    except UnreachableError as error:
        message = f"no snapshot of {volume} can be taken: {volume.owner.place} {error}"
        raise RefusedError([Refusal(str(volume.owner), message, _HINT)]) from None


def _late(volume: Volume, name: str, why: str) -> Refusal:
    message = f"snapshot {volume.namespace}/{name} of {volume.claim} is not ready: {why}"
    return Refusal(str(volume.owner), message, f"nothing was deleted; kubectl describe volumesnapshot {name} says more")
