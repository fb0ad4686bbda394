"""The volumes of a namespace, and snapshots of them.

A VolumeSnapshot goes with its namespace. Its content is of the whole cluster and stays, and with it the data in the
storage, where its class says `deletionPolicy: Retain`:
https://kubernetes.io/docs/concepts/storage/volume-snapshot-classes/#deletionpolicy
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from appofapps.observe.api import Get, NotServedError, UnreachableError
from appofapps.plan import conventions as c
from appofapps.plan.plan import Address

API: Final = "snapshot.storage.k8s.io/v1"
STAYS: Final = "Retain"
_DEFAULT: Final = "snapshot.storage.kubernetes.io/is-default-class"
_PROVISIONER: Final = "pv.kubernetes.io/provisioned-by"

Create = Callable[[str, str, Mapping[str, Any]], dict[str, Any]]
"""Makes an object: context, path of the collection, document."""


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume that a child has, by the claim for it."""

    owner: Address
    namespace: str
    claim: str
    driver: str
    """What made it, and alone can take a snapshot of it."""
    snapshot_class: str
    """A class of that driver whose snapshots stay; empty where there is none."""

    def __str__(self) -> str:
        return f"{self.namespace}/{self.claim}"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What stays of a volume, and is restored from."""

    place: str
    claim: str
    """`namespace/name` of the claim that the volume was for."""
    content: str
    """The VolumeSnapshotContent."""
    handle: str
    """What the storage calls the snapshot."""


def volumes(get: Get, owner: Address, namespace: str) -> tuple[Volume, ...]:
    """Return the volumes claimed in a namespace; a claim that never got one has no data.

    Raises UnreachableError, also where there are volumes and the cluster knows no snapshots.
    """
    claims = get(f"/api/v1/namespaces/{namespace}/persistentvolumeclaims")["items"]
    bound = {each["metadata"]["name"]: each["spec"]["volumeName"] for each in claims if each["spec"].get("volumeName")}
    if not bound:
        return ()
    drivers = {each["metadata"]["name"]: _driver(each) for each in get("/api/v1/persistentvolumes")["items"]}
    classes = _classes(get)
    made_by = {claim: drivers.get(volume, "") for claim, volume in sorted(bound.items())}
    return tuple(Volume(owner, namespace, claim, driver, classes.get(driver, "")) for claim, driver in made_by.items())


def begin(create: Create, volume: Volume) -> str:
    """Ask for a snapshot, and return its name; raises UnreachableError."""
    document = {
        "apiVersion": API,
        "kind": "VolumeSnapshot",
        "metadata": {"generateName": f"{volume.claim}-", "labels": {c.MANAGED_BY: c.MANAGER}},
        "spec": {
            "volumeSnapshotClassName": volume.snapshot_class,
            "source": {"persistentVolumeClaimName": volume.claim},
        },
    }
    return str(create(volume.owner.place, _path(volume), document)["metadata"]["name"])


def taken(get: Get, volume: Volume, name: str) -> Snapshot | str:
    """Return a snapshot that is ready to restore from, and will stay; or why it is not. Raises UnreachableError."""
    status = get(f"{_path(volume)}/{name}").get("status") or {}
    content = status.get("boundVolumeSnapshotContentName")
    if not content or not status.get("readyToUse"):
        state = "not ready yet" if content else "no controller took it up"
        return str((status.get("error") or {}).get("message") or state)
    kept = get(f"/apis/{API}/volumesnapshotcontents/{content}")
    if kept["spec"]["deletionPolicy"] != STAYS:
        return f"{content} has deletionPolicy {kept['spec']['deletionPolicy']}: it would go with the namespace"
    return Snapshot(volume.owner.place, str(volume), content, (kept.get("status") or {}).get("snapshotHandle", ""))


def _path(volume: Volume) -> str:
    return f"/apis/{API}/namespaces/{volume.namespace}/volumesnapshots"


def _driver(volume: Mapping[str, Any]) -> str:
    csi = volume["spec"].get("csi") or {}
    return str(csi.get("driver") or volume["metadata"].get("annotations", {}).get(_PROVISIONER, ""))


def _classes(get: Get) -> Mapping[str, str]:
    """Return for each driver a class whose snapshots stay: the default one, if that is among them."""
    try:
        found = get(f"/apis/{API}/volumesnapshotclasses")["items"]
    except NotServedError:
        msg = f"knows no snapshots ({API}): its external-snapshotter is not installed"
        raise UnreachableError(msg) from None
    staying = [each for each in found if each["deletionPolicy"] == STAYS]
    return {each["driver"]: each["metadata"]["name"] for each in sorted(staying, key=_is_default)}


def _is_default(snapshot_class: Mapping[str, Any]) -> bool:
    return bool(snapshot_class["metadata"].get("annotations", {}).get(_DEFAULT) == "true")
