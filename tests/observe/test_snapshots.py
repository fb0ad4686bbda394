"""Volumes and their snapshots, over canned APIs: what can be saved, and what stays."""

from collections.abc import Mapping
from typing import Any

import pytest

from appofapps.observe.api import JSON, Get, NotServedError, UnreachableError
from appofapps.observe.snapshots import Snapshot, Volume, begin, taken, volumes
from appofapps.observe.world import World
from appofapps.plan.plan import Address

ORDERS = Address("orders", "eu-1")
VOLUME = Volume(ORDERS, "dev-orders", "journal", "csi.example", "keeping")
CLAIMS = "/api/v1/namespaces/dev-orders/persistentvolumeclaims"
VOLUMES = "/api/v1/persistentvolumes"
API = "/apis/snapshot.storage.k8s.io/v1"
CLASSES = f"{API}/volumesnapshotclasses"
MINE = f"{API}/namespaces/dev-orders/volumesnapshots/mine"
CONTENT = f"{API}/volumesnapshotcontents/content"


def api(answers: Mapping[str, Any]) -> Get:
    """Return the API of a cluster that has some documents and lists."""

    def get(path: str, *, selector: str = "", accept: str = JSON) -> dict[str, Any]:
        if path not in answers:
            raise NotServedError("answers 404 Not Found")
        found = answers[path]
        return {"items": found} if isinstance(found, list) else found

    return get


def claim(name: str, volume: str = "") -> dict[str, Any]:
    """Return a claim, with its volume when it has one."""
    return {"metadata": {"name": name}, "spec": {"volumeName": volume} if volume else {}}


def snapshot_class(name: str, driver: str, policy: str = "Retain", default: str = "false") -> dict[str, Any]:
    """Return a class of snapshots."""
    annotations = {"snapshot.storage.kubernetes.io/is-default-class": default}
    return {"metadata": {"name": name, "annotations": annotations}, "driver": driver, "deletionPolicy": policy}


def test_each_volume_gets_a_class_of_its_driver_whose_snapshots_stay() -> None:
    """The default one first; of a driver that only deletes its snapshots, and of a volume that is lost, none."""
    made = {"metadata": {"name": "b", "annotations": {"pv.kubernetes.io/provisioned-by": "old.example"}}, "spec": {}}
    get = api({
        CLAIMS: [claim("journal", "a"), claim("archive", "b"), claim("lost", "c"), claim("never-used")],
        VOLUMES: [{"metadata": {"name": "a"}, "spec": {"csi": {"driver": "csi.example"}}}, made],
        CLASSES: [
            snapshot_class("chosen", "csi.example", default="true"), snapshot_class("keeping", "csi.example"),
            snapshot_class("deleting", "old.example", policy="Delete"),
        ],
    })  # fmt: skip

    found = [(each.claim, each.driver, each.snapshot_class) for each in volumes(get, ORDERS, "dev-orders")]
    assert found == [("archive", "old.example", ""), ("journal", "csi.example", "chosen"), ("lost", "", "")]


def test_a_cluster_without_snapshots_says_so_where_there_are_volumes() -> None:
    """A child that has none needs nothing of it."""
    assert volumes(api({CLAIMS: []}), ORDERS, "dev-orders") == ()
    world = World(cluster=lambda _: api({CLAIMS: [claim("journal", "a")], VOLUMES: []}))
    assert "eu-1 knows no snapshots (snapshot.storage.k8s.io/v1)" in str(world.volumes(ORDERS, "dev-orders"))


def test_a_snapshot_is_asked_for_under_a_name_of_its_own() -> None:
    """Twice retired is twice saved: the cluster makes the name."""
    asked: list[tuple[str, str, Mapping[str, Any]]] = []

    def create(context: str, path: str, document: Mapping[str, Any]) -> dict[str, Any]:
        asked.append((context, path, document))
        return {"metadata": {"name": "journal-x7"}}

    assert begin(create, VOLUME) == "journal-x7"
    ((context, path, document),) = asked
    assert (context, path) == ("eu-1", f"{API}/namespaces/dev-orders/volumesnapshots")
    assert document["metadata"]["generateName"] == "journal-"
    assert document["spec"] == {
        "volumeSnapshotClassName": "keeping", "source": {"persistentVolumeClaimName": "journal"},
    }  # fmt: skip


READY = {"readyToUse": True, "boundVolumeSnapshotContentName": "content"}


@pytest.mark.parametrize(
    ("status", "policy", "seen"),
    [
        (None, "Retain", "no controller took it up"),
        ({**READY, "readyToUse": False}, "Retain", "not ready yet"),
        ({"readyToUse": False, "error": {"message": "quota"}}, "Retain", "quota"),
        (READY, "Delete", "content has deletionPolicy Delete: it would go with the namespace"),
        (READY, "Retain", Snapshot("eu-1", "dev-orders/journal", "content", "snap-1")),
    ],
)
def test_saved_is_what_is_ready_and_stays(status: Any, policy: str, seen: Snapshot | str) -> None:
    """Anything less is told by what it waits for."""
    content = {"spec": {"deletionPolicy": policy}, "status": {"snapshotHandle": "snap-1"}}
    assert taken(api({MINE: {"status": status}, CONTENT: content}), VOLUME, "mine") == seen


def test_a_cluster_that_stops_answering_is_a_reason_to_wait() -> None:
    """The snapshot goes on without us."""

    def down(path: str, *, selector: str = "", accept: str = JSON) -> dict[str, Any]:
        raise UnreachableError("does not answer")

    assert World(cluster=lambda _: down).snapshot(VOLUME, "mine") == "eu-1 does not answer"
