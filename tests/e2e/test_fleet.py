"""A fleet of three clusters: one is down during a rollout, and only what changed is run again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sandbox import control_plane
from sandbox.state import State
from tests.e2e.project import Project
from tests.e2e.small_catalog import image, stack_a_cluster, workload

Small = Callable[..., Project]
CLUSTERS = EU, US, AP = "eu-1", "us-1", "ap-1"
OLD, NEW = image(), image("1.1.0", "b")


@pytest.fixture(scope="module")
def three(sandbox: State) -> State:
    """Add a third cluster to the sandbox; it goes with the others."""
    control_plane.start(AP, sandbox.root)
    return sandbox


def test_one_of_three_clusters_is_down_during_a_rollout(small: Small, three: State) -> None:
    """The others are done, what is missing where is told, and the next run does the rest and nothing else."""
    project = fleet(small, "tf")
    with dead(three, US):
        report = up(project, "tf", code=1)
        assert outcomes(report) == {"tf-eu-1": "done", "tf-us-1": "failed", "tf-ap-1": "done"}
        assert {run["stack"]: run["attempts"] for run in report["stacks"]}["tf-us-1"] == 3
        assert {(each["stack"], each["what"]) for each in report["missing"]} == {
            ("tf-us-1", "a@us-1"),
            ("tf-us-1", "b@us-1"),
        }
        assert all(each["cause"].startswith("out of reach") for each in report["missing"])
    assert images(project, "tf") == {EU: {OLD}, AP: {OLD}, US: set()}

    report = up(project, "tf", "--changed")
    assert outcomes(report) == {"tf-eu-1": "unchanged", "tf-us-1": "done", "tf-ap-1": "unchanged"}
    assert images(project, "tf") == {EU: {OLD}, AP: {OLD}, US: {OLD}}
    assert changed(project, "tf") == set()
    project.pulumi("preview", "--stack", "tf-eu-1", "--expect-no-changes")

    # What a failed run left half done is not taken for what was deployed before it.
    release(project, NEW)
    with dead(three, US):
        report = up(project, "tf", "--changed", code=1)
        assert outcomes(report) == {"tf-eu-1": "done", "tf-us-1": "failed", "tf-ap-1": "done"}
    release(project, OLD)
    assert changed(project, "tf") == {"tf-eu-1", "tf-us-1", "tf-ap-1"}
    # Nor is a run of some children.
    project.aoa("up", "--stack", "tf-eu-1", "--only", "a", "--yes")
    assert "tf-eu-1" in changed(project, "tf")
    assert set(outcomes(up(project, "tf", "--changed")).values()) == {"done"}
    assert images(project, "tf") == {EU: {OLD}, AP: {OLD}, US: {OLD}}

    project.aoa("fleet", "preview", "--env", "tf")
    said = project.aoa("fleet", "destroy", "--env", "tf", "--yes").out
    assert "environment tf: 3 done" in said
    assert images(project, "tf") == {EU: set(), AP: set(), US: set()}


def fleet(small: Small, name: str) -> Project:
    """Make a project of two children in three clusters, with a stack a cluster; the second child needs the first."""
    project = small(name, workload("a"), workload("b", "a"), clusters=CLUSTERS)
    project.edit(f"catalog/environments/{name}.yaml", lambda environment: environment.update(guardrails="quota"))
    stack_a_cluster(project, name, *CLUSTERS)
    return project


@contextmanager
def dead(sandbox: State, cluster: str) -> Iterator[None]:
    """Stop a cluster's servers for a while."""
    control_plane.stop(cluster, sandbox.root)
    try:
        yield
    finally:
        control_plane.start(cluster, sandbox.root)


def up(project: Project, environment: str, *options: str, code: int = 0) -> dict[str, Any]:
    """Run the fleet and return its report."""
    done = project.aoa("fleet", "up", "--env", environment, "--yes", "--json", *options, code=code)
    report: dict[str, Any] = done.json()
    return report


def changed(project: Project, environment: str) -> set[str]:
    """Return the stacks that differ from what was last deployed."""
    report = project.aoa("fleet", "plan", "--env", environment, "--changed", "--json").json()
    return {stack["stack"] for stack in report["stacks"] if stack["changed"]}


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    """Return how each stack fared."""
    return {run["stack"]: run["outcome"] for run in report["stacks"]}


def release(project: Project, image: str) -> None:
    """Give both children an image."""
    for child in "ab":
        project.edit(f"catalog/apps/{child}.yaml", lambda document: document["spec"].update(image=image))


def images(project: Project, environment: str) -> dict[str, set[str]]:
    """Return what runs in each cluster."""
    found = {cluster: project.items(cluster, "deployments", environment) for cluster in CLUSTERS}
    return {
        cluster: {item["spec"]["template"]["spec"]["containers"][0]["image"] for item in items}
        for cluster, items in found.items()
    }
