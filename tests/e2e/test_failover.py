"""A cluster fails: another stands in for it and hands back, or it is forgotten for good."""

from collections.abc import Callable
from pathlib import Path

from sandbox.state import State
from tests.e2e.project import Project
from tests.e2e.small_catalog import stack_a_cluster, workload
from tests.e2e.test_fleet import dead

Small = Callable[..., Project]
EU, US = "eu-1", "us-1"
ONE = {"target": {"clusters": {"name": EU}}}
DATA = {"controller": "StatefulSet", "claims": [{"name": "data", "size": "1Mi"}]}


def test_a_cluster_is_failed_over_and_back(small: Small, sandbox: State) -> None:
    """Data without a replica, and an unready stand-in, are refused; then what ran in one cluster runs in the other."""
    children = workload("db", spec=DATA, **ONE), workload("api", "db", **ONE), workload("web", "api")
    project = small("th", *children, clusters=(EU, US))
    stack_a_cluster(project, "th", EU, US)
    file = project.root / "catalog/environments/th.yaml"
    file.write_text("# where quality happens\n" + file.read_text())
    project.aoa("fleet", "up", "--env", "th", "--yes")
    assert running(project, "th") == {EU: {"th-db", "th-api", "th-web"}, US: {"th-web"}}

    before = file.read_bytes()
    away = ("failover", "--env", "th", "--from", EU, "--to", US, "--reason", "eu-1 burns", "--owner", "ada", "--yes")
    assert "'db' keeps data in eu-1" in project.aoa(*away, code=2).err
    project.edit("catalog/apps/db.yaml", lambda document: document.update(data_replicas=[US]))
    with dead(sandbox, US):
        assert "us-1: not ready to stand in" in project.aoa(*away, code=2).err
    assert file.read_bytes() == before

    with dead(sandbox, EU):
        report = project.aoa(*away, "--json").json()
        assert (report["arriving"], report["leaving"]) == (["api@us-1", "db@us-1"], ["api@eu-1", "db@eu-1", "web@eu-1"])
        assert report["seconds"] > 0
        assert running(project, "th", US)[US] == {"th-db", "th-api", "th-web"}
        assert file.read_text().startswith("# where quality happens\n")
        assert "reason: eu-1 burns" in file.read_text()

    back = ("failover", "--env", "th", "--from", EU, "--back", "--yes")
    assert "no replica of it is declared ready in eu-1" in project.aoa(*back, code=2).err
    project.edit("catalog/apps/db.yaml", lambda document: document.update(data_replicas=[US, EU]))
    said = project.aoa(*back).out
    assert "us-1 -> eu-1: 3 children, ready after" in said
    assert "still registered: api@us-1, db@us-1" in said
    assert file.read_bytes() == before
    assert "would remove 2 of 3 children" in project.aoa("up", "--stack", "th-us-1", "--yes", code=2).err
    project.aoa("fleet", "up", "--env", "th", "--confirm-deletions", "2", "--yes")
    assert running(project, "th") == {EU: {"th-db", "th-api", "th-web"}, US: {"th-web"}}
    project.aoa("fleet", "destroy", "--env", "th", "--yes")


def test_a_cluster_that_never_comes_back_is_forgotten(small: Small, sandbox: State) -> None:
    """Only when it does not answer and somebody says so; then the state is without it, and the world as it was."""
    project = small("tg", workload("a"), workload("b", "a"), clusters=(EU, US))
    file = project.root / "catalog/clusters/us-1.yaml"
    file.write_text("# the second one\n" + file.read_text())
    project.aoa("up", "--stack", "tg", "--yes")
    forget = ("cluster", "forget", US, "--reason", "flooded", "--owner", "ada", "--yes")
    before = file.read_bytes()

    assert "the cluster answers" in project.aoa(*forget, code=2).err
    with dead(sandbox, US):
        assert "would remove 2 of 2 children" in project.aoa(*forget, code=2).err
        assert file.read_bytes() == before
        report = project.aoa(*forget, "--confirm-deletions", "2", "--json").json()
        assert [(loss["stack"], loss["children"]) for loss in report["stacks"]] == [("tg", ["a@us-1", "b@us-1"])]
        assert recorded(file) == {"# the second one", "reason: flooded", "owner: ada"}
        project.aoa("preview", "--stack", "tg", "--refresh")
        project.aoa("up", "--stack", "tg", "--yes")
        assert "us-1" not in {name.rsplit("@", 1)[-1].split("/")[0] for name in urns(project)}
    assert running(project, "tg") == {EU: {"tg-a", "tg-b"}, US: {"tg-a", "tg-b"}}

    # It came back after all: what is in it is taken up again.
    file.write_bytes(before)
    project.aoa("up", "--stack", "tg", "--yes")
    assert any(name.endswith("b@us-1/deployment") for name in urns(project))
    project.aoa("destroy", "--stack", "tg", "--yes")
    assert running(project, "tg") == {EU: set(), US: set()}


def running(project: Project, environment: str, *clusters: str) -> dict[str, set[str]]:
    """Return the controllers in each cluster, by name."""
    found = {
        cluster: project.items(cluster, "deployments,statefulsets", environment) for cluster in clusters or (EU, US)
    }
    return {cluster: {item["metadata"]["name"] for item in items} for cluster, items in found.items()}


def recorded(file: Path) -> set[str]:
    """Return the comment and the record in a cluster's file."""
    lines = {line.strip() for line in file.read_text().splitlines()}
    return {line for line in lines if line.startswith(("#", "reason:", "owner:"))}


def urns(project: Project) -> set[str]:
    """Return everything the stack has registered."""
    return {resource["urn"] for resource in project.state("tg")}
