"""A pause, on the real engine: whatever the file says waits, and comes when it is over."""

from collections.abc import Callable
from typing import Any

from tests.e2e.project import Project
from tests.e2e.small_catalog import function, image, workload

Small = Callable[..., Project]
HOLD = ("--reason", "incident 12", "--until", "2099-12-31", "--owner", "ada")


def test_a_paused_workload_stays_exactly_as_it_is(small: Small) -> None:
    """Image, ports, settings, size, controller and a role in AWS change in its file: no difference until it resumes."""
    project = small("t20", workload("a", spec={"config": {"MODE": "calm"}}), workload("b"))
    project.aoa("up", "--stack", "t20", "--yes")
    before = facts(project)
    project.aoa("pause", "a", *HOLD)

    def change(child: dict[str, Any]) -> None:
        child["version"] = "2.0.0"
        child["profiles"]["dev"]["replicas"] = 3
        child["spec"].update(image=image("2.0.0", "b"), ports=[], config={}, ingress=None, environment={"NEW": "1"})
        child["cloud_identity"] = [{"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::x/*"]}]

    project.edit("catalog/apps/a.yaml", change)
    assert project.aoa("preview", "--stack", "t20").out.strip() == "no changes"
    project.pulumi("preview", "--stack", "t20", "--expect-no-changes")
    project.aoa("up", "--stack", "t20", "--yes")
    project.pulumi("up", "--stack", "t20", "--yes", "--skip-preview", "--expect-no-changes")
    assert facts(project) == before
    assert project.aoa("status", "--stack", "t20", "--json").json()["children"][0]["version"] == "1.0.0"

    project.edit("catalog/apps/b.yaml", lambda child: child.update(version="1.1.0", needs=["a"]))  # others go on
    project.aoa("up", "--stack", "t20", "--yes")
    assert {each for each in facts(project) if "t20-a" in each} == {each for each in before if "t20-a" in each}
    assert project.get("eu-1", "deployment", "t20-b", "-n", "t20-b")["metadata"]["labels"]

    project.edit("catalog/apps/a.yaml", lambda child: child.update(kind="job", spec={"image": image()}, profiles={
        "dev": {}}))  # fmt: skip
    project.pulumi("preview", "--stack", "t20", "--expect-no-changes")

    project.edit("catalog/apps/a.yaml", lambda child: child.update(workload("a", version="2.0.0", spec={
        "image": image("2.0.0", "b"), "ports": []})))  # fmt: skip
    project.aoa("resume", "a")
    project.aoa("up", "--stack", "t20", "--yes")
    container = project.get("eu-1", "deployment", "t20-a", "-n", "t20-a")["spec"]["template"]["spec"]["containers"][0]
    assert container["image"] == image("2.0.0", "b")
    assert project.get("eu-1", "services,configmaps", "-n", "t20-a", "-l", "app.kubernetes.io/name=a")["items"] == []

    project.aoa("pause", "a", *HOLD)
    project.edit("catalog/apps/a.yaml", lambda child: child.update(target={"environments": ["nowhere"]}))
    project.edit("catalog/apps/b.yaml", lambda child: child.update(needs=[]))
    project.write("catalog/environments/nowhere.yaml", environment(project))
    refused = project.aoa("up", "--stack", "t20", "--yes", code=2).text
    assert "a@eu-1: is deployed and paused" in refused
    assert "aoa resume a" in refused
    plain = project.pulumi("up", "--stack", "t20", "--yes", "--skip-preview", code=None)
    assert plain.code != 0
    assert "aoa resume a" in plain.text
    project.pulumi("destroy", "--stack", "t20", "--yes")
    assert project.items("eu-1", "namespaces", "t20") == []


def environment(project: Project) -> dict[str, Any]:
    """Return another environment, which no stack runs."""
    found: dict[str, Any] = {}
    project.edit("catalog/environments/t20.yaml", found.update)
    return {**found, "name": "nowhere"}


def facts(project: Project) -> set[str]:
    """Return everything that runs, and in which revision."""
    kinds = "namespaces,deployments,configmaps,services,networkpolicies,serviceaccounts,roles,resourcequotas"
    return {
        f"{item['kind']} {item['metadata']['name']} {item['metadata']['uid']} {item['metadata'].get('generation')}"
        for item in project.items("eu-1", kinds, "t20")
    }


def test_a_paused_function_stays_exactly_as_it_is(small: Small, aws: Callable[..., Any]) -> None:
    """New code, memory and a new trigger wait; a queue that the file drops stays; then all of it comes."""
    project = small("t21", function("task", spec={"triggers": {"queue": {"name": "work"}}}))
    project.aoa("up", "--stack", "t21", "--yes")
    project.aoa("pause", "task", *HOLD)
    (project.root / "catalog/functions/task/handler.py").write_text("def handle(event, context):\n    return 2\n")
    project.edit("catalog/apps/task.yaml", lambda child: (
        child["spec"].update(triggers={"url": {}}), child.update(profiles={"dev": {"memory_mb": 512}})))  # fmt: skip
    assert project.aoa("preview", "--stack", "t21").out.strip() == "no changes"
    project.aoa("up", "--stack", "t21", "--yes")
    assert live(aws) == ("1", 256, True)

    project.aoa("resume", "task")
    project.aoa("up", "--stack", "t21", "--yes")
    assert live(aws) == ("2", 512, False)

    project.aoa("pause", "task", *HOLD)
    project.aoa("up", "--stack", "t21", "--yes")
    project.aoa("destroy", "--stack", "t21", "--yes")
    assert not [role for role in aws("iam").list_roles()["Roles"] if role["RoleName"].startswith("t21-")]


def live(aws: Callable[..., Any]) -> tuple[str, int, bool]:
    """Return the version that is live, its memory, and whether its queue is there."""
    version = aws("lambda").get_alias(FunctionName="t21-task", Name="live")["FunctionVersion"]
    memory = aws("lambda").get_function_configuration(FunctionName="t21-task", Qualifier=version)["MemorySize"]
    queues = aws("sqs").list_queues().get("QueueUrls", [])
    return version, memory, any("t21-work" in url for url in queues)
