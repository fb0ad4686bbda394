"""What people change by hand is found, named exactly, and repaired; a broken dependency stops a release."""

import time
from collections.abc import Callable
from typing import Any

from tests.e2e.event_log import operations
from tests.e2e.project import Project
from tests.e2e.small_catalog import FATE, function, image, workload

Small = Callable[..., Project]


def test_edits_by_hand_are_found_and_repaired(small: Small, aws: Callable[..., Any]) -> None:
    """`preview --refresh` finds exactly what was edited, `up --refresh` puts it right and replaces nothing."""
    elastic = {"dev": {"autoscaling": {"minimum": 1, "maximum": 3}}}
    project = small(
        "t7",
        workload("web", spec={"config": {"MODE": "calm"}}),
        workload("api", profiles={"dev": {"replicas": 2}}),
        workload("elastic", profiles=elastic),
        function("task"),
    )
    project.pulumi("stack", "init", "t7")
    project.pulumi("up", "--stack", "t7", "--yes", "--skip-preview")
    before = uids(project)

    project.kubectl("eu-1", "scale", "deployment", "t7-elastic", "-n", "t7-elastic", "--replicas=2")
    project.pulumi("preview", "--stack", "t7", "--refresh", "--expect-no-changes")  # an autoscaler's work is no drift

    break_by_hand(project, aws)
    project.pulumi("preview", "--stack", "t7", "--expect-no-changes")  # without a look at the world nothing shows
    edited = {
        "web@eu-1/deployment", "web@eu-1/config", "web@eu-1/service", "api@eu-1/deployment",
        "task@eu-west-1/function", "task@eu-west-1/alias",
    }  # fmt: skip
    log = project.root / "drift.events"
    project.pulumi("preview", "--stack", "t7", "--refresh", "--event-log", str(log))
    assert operations(log) == dict.fromkeys(edited, "update")
    seen = project.aoa("preview", "--stack", "t7", "--refresh", "--json", code=1).json()["children"]
    assert {f"{child['address']}/{each['resource']}" for child in seen for each in child["resources"]} == edited

    log = project.root / "repair.events"
    project.pulumi("up", "--stack", "t7", "--refresh", "--yes", "--skip-preview", "--event-log", str(log))
    assert operations(log) == dict.fromkeys(edited, "update")
    project.pulumi("preview", "--stack", "t7", "--refresh", "--expect-no-changes")
    assert uids(project) == before
    assert replicas(project, "elastic") == 2
    assert replicas(project, "api") == 2
    assert aws("lambda").get_function_configuration(FunctionName="t7-task")["MemorySize"] == 256

    project.edit("catalog/apps/api.yaml", lambda child: child.update(profiles=elastic))
    project.edit("catalog/apps/elastic.yaml", lambda child: child["spec"].update(image=image("1.1.0", "b")))
    project.aoa("up", "--stack", "t7", "--yes")
    assert (replicas(project, "api"), replicas(project, "elastic")) == (2, 2)  # an autoscaler begins with what runs
    project.pulumi("preview", "--stack", "t7", "--refresh", "--expect-no-changes")
    project.pulumi("destroy", "--stack", "t7", "--yes")


def test_a_broken_dependency_stops_the_release(small: Small) -> None:
    """`aoa up` refuses a release whose dependency somebody broke, with the cause; repaired, it goes on."""
    project = small("t7b", workload("database"), workload("shop", "database"))
    project.aoa("up", "--stack", "t7b", "--yes")
    doom = f'{{"spec": {{"template": {{"metadata": {{"annotations": {{"{FATE}": "crash"}}}}}}}}}}'
    project.kubectl("eu-1", "patch", "deployment", "t7b-database", "-n", "t7b-database", "--type=merge", "-p", doom)
    await_pods(project, "t7b-database", "CrashLoopBackOff")

    project.edit("catalog/apps/shop.yaml", lambda child: child["spec"].update(image=image("1.1.0", "b")))
    refused = project.aoa("up", "--stack", "t7b", "--yes", code=2).text
    assert "shop@eu-1: needs database@eu-1, which is not ready" in refused
    assert "CrashLoopBackOff" in refused
    assert image_of(project, "t7b-shop") == image()

    project.aoa("up", "--stack", "t7b", "--yes", "--refresh")
    assert image_of(project, "t7b-shop") == image("1.1.0", "b")
    project.aoa("status", "--stack", "t7b")
    project.pulumi("destroy", "--stack", "t7b", "--yes")


def break_by_hand(project: Project, aws: Callable[..., Any]) -> None:
    """Edit as people in a hurry do: an image, a size, labels; in AWS the memory and the alias."""
    other = image("6.6.6", "f")
    project.kubectl("eu-1", "set", "image", "deployment/t7-web", f"web={other}", "-n", "t7-web")
    project.kubectl("eu-1", "scale", "deployment", "t7-api", "-n", "t7-api", "--replicas=1")
    config = project.items("eu-1", "configmaps", "t7")[0]["metadata"]["name"]
    for kind, name in (("service", "t7-web"), ("configmap", config)):
        label = ("label", kind, name, "-n", "t7-web", "--overwrite", "appofapps.dev/team=nobody")
        project.kubectl("eu-1", *label)
    aws("lambda").update_function_configuration(FunctionName="t7-task", MemorySize=1024)
    aws("lambda").update_alias(FunctionName="t7-task", Name="live", FunctionVersion="$LATEST")


def uids(project: Project) -> dict[str, str]:
    """Return the identity of every object of ours."""
    kinds = "namespaces,deployments,configmaps,services"
    found = project.items("eu-1", kinds, "t7")
    return {f"{item['kind']} {item['metadata']['name']}": item["metadata"]["uid"] for item in found}


def replicas(project: Project, child: str) -> int:
    """Return how many pods a Deployment is asked for."""
    return int(project.get("eu-1", "deployment", f"t7-{child}", "-n", f"t7-{child}")["spec"]["replicas"])


def image_of(project: Project, name: str) -> str:
    """Return the image a Deployment runs."""
    deployment = project.get("eu-1", "deployment", name, "-n", name)
    return str(deployment["spec"]["template"]["spec"]["containers"][0]["image"])


def await_pods(project: Project, namespace: str, reason: str) -> None:
    """Wait until a pod of a namespace waits for a reason."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if reason in project.kubectl("eu-1", "get", "pods", "-n", namespace, "-o", "json").out:
            return
    raise AssertionError(f"no pod in {namespace} waits with {reason}")
