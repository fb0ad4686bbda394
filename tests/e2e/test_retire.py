"""Retirement, on the real engine: gone is what clusters and AWS do not have any more; retained is what they keep."""

import json
from collections.abc import Callable
from typing import Any

import yaml

from tests.e2e.inventory import in_aws, in_cluster
from tests.e2e.playing import played
from tests.e2e.project import CODE, Project
from tests.e2e.small_catalog import function, workload

Small = Callable[..., Project]
WHY = ("--reason", "replaced", "--owner", "ada")
STORED = {"controller": "StatefulSet", "claims": [{"name": "journal", "size": "1Gi"}],
          "mounts": [{"volume": "journal", "path": "/data"}]}  # fmt: skip
SNAPSHOTS = "snapshot.storage.k8s.io/v1"
DRIVER = "kubernetes.io/host-path"
"""What makes the sandbox's volumes."""


def test_a_retired_child_is_gone_and_a_retained_one_is_kept(small: Small, aws: Callable[..., Any]) -> None:
    """Refused while needed; then removed, alone, though the budget allows none; data stays where the policy says."""
    project = small(
        "t23", workload("a"), workload("b", "a"), function("task", spec={"triggers": {"queue": {"name": "work"}}}),
        workload("data", deletion_policy="retain"), workload("db", deletion_policy="snapshot", spec=STORED),
        deletion_budget={"children": 0},
    )  # fmt: skip
    project.aoa("up", "--stack", "t23", "--yes")
    refused = project.aoa("retire", "a", *WHY, "--stack", "t23", "--yes", code=2).text
    assert "catalog/apps/b.yaml:" in refused
    assert "'b' needs 'a', which is to be retired" in refused

    project.edit("catalog/apps/b.yaml", lambda child: child.update(needs=[]))
    gone = project.aoa("retire", "a", *WHY, "--stack", "t23", "--yes").out
    assert "objects looked for, none there" in gone
    assert yaml.safe_load((project.root / "catalog/retired/a.yaml").read_text())["retired"]["owner"] == "ada"
    assert not [thing for thing in in_cluster(project, "t23") if "t23-a" in thing[1].split("/")]

    project.aoa("retire", "task", *WHY)
    (project.root / "catalog/apps/b.yaml").rename(project.root / "b.yaml")
    assert "would remove b, too" in project.aoa("retire", "task", "--stack", "t23", "--yes", code=2).text
    (project.root / "b.yaml").rename(project.root / "catalog/apps/b.yaml")
    report = project.aoa("retire", "task", "--stack", "t23", "--yes", "--json").json()["stacks"][0]
    assert report["looked_at"] >= 4
    assert report["still_there"] == []
    assert in_aws(aws, "t23") == []

    _saved_before_it_goes(project)

    kept = project.aoa("retire", "data", *WHY, "--stack", "t23", "--yes", "--json").json()["stacks"][0]
    assert kept["run"]["children"][-1]["outcome"] == "removed"
    assert "Deployment t23-data/t23-data in eu-1" in kept["still_there"]
    assert project.get("eu-1", "deployment", "t23-data", "-n", "t23-data")["status"]["readyReplicas"] == 1
    project.pulumi("preview", "--stack", "t23", "--expect-no-changes")

    project.kubectl("eu-1", "delete", "namespace", "t23-data", "--wait=false")
    project.pulumi("destroy", "--stack", "t23", "--yes")


def _saved_before_it_goes(project: Project) -> None:
    """Without a snapshot that stays, volumes do; with one, its content outlives the namespace, and is on record."""
    refused = project.aoa("retire", "db", *WHY, "--stack", "t23", "--yes", code=2).text
    assert f"t23-db/journal-t23-db-0: eu-1 has no VolumeSnapshotClass of driver '{DRIVER}'" in refused
    assert project.get("eu-1", "statefulset", "t23-db", "-n", "t23-db")["status"]["readyReplicas"] == 1
    made(project, {"kind": "VolumeSnapshotClass", "metadata": {"name": "t23"}, "driver": DRIVER,
                   "deletionPolicy": "Retain"})  # fmt: skip

    with played(lambda: snapshot(project, "t23-db")):
        gone = project.aoa("retire", "db", "--stack", "t23", "--yes", "--json").json()["stacks"][0]

    (saved,) = gone["run"]["snapshots"]
    assert gone["still_there"] == []
    assert (saved["claim"], saved["handle"]) == ("t23-db/journal-t23-db-0", "snap-1")
    assert yaml.safe_load((project.root / "catalog/retired/db.yaml").read_text())["retired"]["snapshots"] == [saved]
    project.kubectl("eu-1", "get", "namespace", "t23-db", code=1)
    content = project.get("eu-1", "volumesnapshotcontent", saved["content"])
    assert content["status"]["snapshotHandle"] == "snap-1"
    _restored_as_the_page_says(project, saved["handle"])
    project.kubectl("eu-1", "delete", f"volumesnapshotcontent/{saved['content']}", "volumesnapshotclass/t23")


def _restored_as_the_page_says(project: Project, handle: str) -> None:
    """Apply what docs/lifecycle.md tells people to: the definitions allow it; no driver is here to fill a volume."""
    restore = (CODE / "docs/lifecycle.md").read_text().partition("```yaml\n")[2].partition("```")[0]
    for said, meant in (("dev-orders", "t23-db"), ("DRIVER", DRIVER), ("HANDLE", handle)):
        restore = restore.replace(said, meant)
    (project.root / "restore.yaml").write_text(restore)
    project.kubectl("eu-1", "apply", "-f", "restore.yaml")
    source = project.get("eu-1", "pvc", "journal-t23-db-0", "-n", "t23-db")["spec"]["dataSource"]
    assert (source["kind"], source["name"]) == ("VolumeSnapshot", "restored")
    project.kubectl("eu-1", "delete", "-f", "restore.yaml", "--wait=false")


def snapshot(project: Project, namespace: str) -> None:
    """Report, as the snapshot controller and the driver, that what is asked for is done."""
    for asked in project.get("eu-1", "volumesnapshots", "-n", namespace)["items"]:
        metadata, name = asked["metadata"], f"snapcontent-{asked['metadata']['uid']}"
        if asked.get("status"):
            continue
        made(project, {
            "kind": "VolumeSnapshotContent", "metadata": {"name": name},
            "spec": {
                "deletionPolicy": "Retain", "driver": DRIVER, "source": {"volumeHandle": "volume-1"},
                "volumeSnapshotClassName": asked["spec"]["volumeSnapshotClassName"],
                "volumeSnapshotRef": {key: metadata[key] for key in ("name", "namespace", "uid")},
            },
        })  # fmt: skip
        report(project, name, {"readyToUse": True, "snapshotHandle": "snap-1"}, "volumesnapshotcontent")
        ready = {"readyToUse": True, "boundVolumeSnapshotContentName": name}
        report(project, metadata["name"], ready, "volumesnapshot", "-n", namespace)


def made(project: Project, document: dict[str, Any]) -> None:
    """Make an object of the snapshot API."""
    project.write("object.yaml", {"apiVersion": SNAPSHOTS, **document})
    project.kubectl("eu-1", "create", "-f", "object.yaml")


def report(project: Project, name: str, status: dict[str, Any], kind: str, *where: str) -> None:
    """Write a status."""
    patch = json.dumps({"status": status})
    project.kubectl("eu-1", "patch", kind, name, *where, "--type=merge", "--subresource=status", "-p", patch)


def test_a_policy_must_have_been_deployed(small: Small) -> None:
    """`retain` that is only written would not keep the data: refused, and the way back works."""
    project = small("t24", workload("a"), workload("b"))
    project.aoa("up", "--stack", "t24", "--yes")
    project.edit("catalog/apps/a.yaml", lambda child: child.update(deletion_policy="retain"))
    assert "its data would be deleted" in project.aoa("retire", "a", *WHY, "--stack", "t24", "--yes", code=2).text
    assert "its data would be deleted" in project.aoa("up", "--stack", "t24", "--yes", code=2).text
    project.get("eu-1", "deployment", "t24-a", "-n", "t24-a")

    project.edit("catalog/retired/a.yaml", lambda child: child.pop("retired"))
    (project.root / "catalog/retired/a.yaml").rename(project.root / "catalog/apps/a.yaml")
    project.aoa("up", "--stack", "t24", "--yes")
    project.aoa("retire", "a", *WHY, "--stack", "t24", "--yes")
    project.get("eu-1", "deployment", "t24-a", "-n", "t24-a")
    project.kubectl("eu-1", "delete", "namespace", "t24-a", "--wait=false")
    project.pulumi("destroy", "--stack", "t24", "--yes")
