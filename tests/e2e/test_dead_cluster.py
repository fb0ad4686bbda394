"""A cluster out of reach: the other is deployed, what is missing where is reported, nothing is planned for deletion."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil

from sandbox import control_plane
from sandbox.state import State, load
from tests.e2e.event_log import operations
from tests.e2e.project import Project
from tests.e2e.small_catalog import image, workload

Small = Callable[..., Project]
DEAD, ALIVE = "us-1", "eu-1"
OLD, NEW = image(), image("1.1.0", "b")


def test_one_stack_over_both(small: Small, sandbox: State) -> None:
    """Plain `pulumi up` and `aoa up` deploy the living cluster, exit 1, and converge when the other is back."""
    project = over_both(small, "t6")
    project.pulumi("stack", "init", "t6")
    log = project.root / "dead.events"
    with dead(sandbox):
        first = project.pulumi("up", "--stack", "t6", "--yes", "--skip-preview", code=None)
        assert first.code == 1
        assert images(project, ALIVE, "t6") == {"t6-a": OLD, "t6-b": OLD}
        report = project.aoa("up", "--stack", "t6", "--yes", "--json", code=1).json()
        assert out_of_reach(report) == {"a@us-1", "b@us-1"}
    project.aoa("up", "--stack", "t6", "--yes")
    assert images(project, DEAD, "t6") == {"t6-a": OLD, "t6-b": OLD}

    release(project)
    registered = urns(project, "t6")
    with dead(sandbox):
        project.pulumi("preview", "--stack", "t6", "--event-log", str(log))
        assert set(operations(log).values()) == {"update"}
        said = project.aoa("up", "--stack", "t6", "--yes", code=1).text
        assert "cluster us-1 is out of reach" in said
        assert images(project, ALIVE, "t6") == {"t6-a": NEW, "t6-b": NEW}
        assert urns(project, "t6") == registered
        status = project.aoa("status", "--stack", "t6", "--json", code=1).json()
        assert {row["address"] for row in status["children"] if not row["ready"]} == {"a@us-1", "b@us-1"}
    project.pulumi("up", "--stack", "t6", "--yes", "--skip-preview")
    assert images(project, DEAD, "t6") == {"t6-a": NEW, "t6-b": NEW}
    project.pulumi("preview", "--stack", "t6", "--expect-no-changes", "--refresh")
    project.pulumi("destroy", "--stack", "t6", "--yes")


def test_a_stack_a_cluster(small: Small, sandbox: State) -> None:
    """The stack of the living cluster runs as ever; that of the dead one fails alone, nothing is removed."""
    project = over_both(small, "t6s")
    (project.root / "Pulumi.t6s.yaml").unlink()
    stacks = {"t6s-eu": ALIVE, "t6s-us": DEAD}
    for stack, cluster in stacks.items():
        settings = {"app-of-apps:environment": "t6s", "app-of-apps:clusters": {"name": cluster}}
        project.write(f"Pulumi.{stack}.yaml", {"config": settings})
    project.aoa("fleet", "up", "--env", "t6s", "--yes")
    release(project)
    registered = urns(project, "t6s-us")
    with dead(sandbox):
        report = project.aoa("fleet", "up", "--env", "t6s", "--yes", "--json", code=1).json()
        exits = {run["stack"]: run["exit_code"] for run in report["stacks"]}
        assert exits == {"t6s-eu": 0, "t6s-us": 1}
        assert out_of_reach(report["stacks"][1]["report"]) == {"a@us-1", "b@us-1"}
        assert images(project, ALIVE, "t6s") == {"t6s-a": NEW, "t6s-b": NEW}
        assert urns(project, "t6s-us") == registered
        project.pulumi("preview", "--stack", "t6s-eu", "--refresh", "--expect-no-changes")
    project.aoa("fleet", "up", "--env", "t6s", "--yes")
    assert images(project, DEAD, "t6s") == {"t6s-a": NEW, "t6s-b": NEW}
    for stack in stacks:
        project.pulumi("destroy", "--stack", stack, "--yes")


def test_a_cluster_that_hangs(small: Small, sandbox: State) -> None:
    """An API server that accepts connections and never answers is as good as gone: the run does not hang with it."""
    project = over_both(small, "t6h")
    project.aoa("up", "--stack", "t6h", "--yes")
    release(project)
    with hanging(sandbox):
        report = project.aoa("up", "--stack", "t6h", "--yes", "--json", code=1).json()
        assert out_of_reach(report) == {"a@us-1", "b@us-1"}
        assert images(project, ALIVE, "t6h") == {"t6h-a": NEW, "t6h-b": NEW}
    project.aoa("up", "--stack", "t6h", "--yes")
    assert images(project, DEAD, "t6h") == {"t6h-a": NEW, "t6h-b": NEW}
    project.pulumi("destroy", "--stack", "t6h", "--yes")


@contextmanager
def dead(sandbox: State) -> Iterator[None]:
    """Stop a cluster's servers for a while: connections are refused."""
    control_plane.stop(DEAD, sandbox.root)
    try:
        yield
    finally:
        control_plane.start(DEAD, sandbox.root)


@contextmanager
def hanging(sandbox: State) -> Iterator[None]:
    """Freeze a cluster's API server for a while: connections are accepted, and nothing is answered."""
    servers = load(sandbox.root).clusters[DEAD].servers
    api = psutil.Process(next(server.pid for server in servers if server.name == "kube-apiserver"))
    api.suspend()
    try:
        yield
    finally:
        api.resume()


def over_both(small: Small, name: str) -> Project:
    """Make a project of two children in both clusters, the second of which needs the first."""
    project = small(name, workload("a"), workload("b", "a"), clusters=(ALIVE, DEAD))
    project.edit(f"catalog/environments/{name}.yaml", lambda environment: environment.update(guardrails="quota"))
    return project


def release(project: Project) -> None:
    """Give both children a new image."""
    for child in "ab":
        project.edit(f"catalog/apps/{child}.yaml", lambda document: document["spec"].update(image=NEW))


def images(project: Project, cluster: str, environment: str) -> dict[str, str]:
    """Return what the Deployments of a cluster run."""
    found = project.items(cluster, "deployments", environment)
    return {
        item["metadata"]["name"]: item["spec"]["template"]["spec"]["containers"][0]["image"] for item in found
    }  # fmt: skip


def out_of_reach(report: dict[str, list[dict[str, str]]]) -> set[str]:
    """Return the children that a report says are as they were, or missing."""
    return {child["address"] for child in report["children"] if child["outcome"] == "out of reach"}


def urns(project: Project, stack: str) -> set[str]:
    """Return everything a stack has registered."""
    return {resource["urn"] for resource in project.state(stack)}
