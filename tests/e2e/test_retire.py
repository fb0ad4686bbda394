"""Retirement, on the real engine: gone is what clusters and AWS do not have any more; retained is what they keep."""

from collections.abc import Callable
from typing import Any

import yaml

from tests.e2e.inventory import in_aws, in_cluster
from tests.e2e.project import Project
from tests.e2e.small_catalog import function, workload

Small = Callable[..., Project]
WHY = ("--reason", "replaced", "--owner", "ada")


def test_a_retired_child_is_gone_and_a_retained_one_is_kept(small: Small, aws: Callable[..., Any]) -> None:
    """Refused while needed; then removed, alone, though the budget allows none; data stays where the policy says."""
    project = small(
        "t23", workload("a"), workload("b", "a"), function("task", spec={"triggers": {"queue": {"name": "work"}}}),
        workload("data", deletion_policy="retain"), deletion_budget={"children": 0},
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

    kept = project.aoa("retire", "data", *WHY, "--stack", "t23", "--yes", "--json").json()["stacks"][0]
    assert kept["run"]["children"][-1]["outcome"] == "removed"
    assert "Deployment t23-data/t23-data in eu-1" in kept["still_there"]
    assert project.get("eu-1", "deployment", "t23-data", "-n", "t23-data")["status"]["readyReplicas"] == 1
    project.pulumi("preview", "--stack", "t23", "--expect-no-changes")

    project.kubectl("eu-1", "delete", "namespace", "t23-data", "--wait=false")
    project.pulumi("destroy", "--stack", "t23", "--yes")


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
