"""Back to the last good release, on the real engine: a workload, a function, a chart."""

from collections.abc import Callable
from typing import Any

from tests.e2e.project import Project
from tests.e2e.small_catalog import doomed, function, image, workload
from tests.e2e.test_objects import chart, child

Small = Callable[..., Project]


def test_a_bad_release_goes_back_to_the_last_good_one(small: Small, aws: Callable[..., Any]) -> None:
    """Recorded when good, changed for the worse, rolled back: image and code run that ran before."""
    project = small("t22", workload("a"), function("task"))
    project.aoa("up", "--stack", "t22", "--yes")
    assert not (project.root / "catalog/releases").exists()  # a deployment leaves the checkout as it is
    good = project.aoa("release", "record", "--env", "t22", "--json").json()
    assert [(each["child"], each["version"]) for each in good["recorded"]] == [("a", "1.0.0"), ("task", "1.0.0")]
    code = live(aws)

    project.edit("catalog/apps/a.yaml", lambda child: child["spec"].update(image=image("2.0.0", "b")))
    bad = {"version": "2.0.0", "deadline": 3, "patches": [doomed("never-ready")]}
    project.edit("catalog/apps/a.yaml", lambda child: child.update(bad))
    project.edit("catalog/apps/task.yaml", lambda child: child.update(version="2.0.0"))
    (project.root / "catalog/functions/task/handler.py").write_text("def handle(event, context):\n    raise\n")
    project.aoa("up", "--stack", "t22", "--yes", code=1)
    assert live(aws) != code
    left_out = project.aoa("release", "record", "--stack", "t22", "--json", code=1).json()["left_out"]
    assert set(left_out) == {"a"}

    project.edit("catalog/apps/a.yaml", lambda child: child.update(patches=[], deadline=60))
    assert "aoa fleet up --env t22" in project.aoa("rollback", "a").out
    project.aoa("rollback", "task")
    project.aoa("fleet", "up", "--env", "t22", "--yes")
    template = project.get("eu-1", "deployment", "t22-a", "-n", "t22-a")["spec"]["template"]
    assert template["spec"]["containers"][0]["image"] == image()
    assert live(aws) == code
    assert {child["version"] for child in project.aoa("status", "--stack", "t22", "--json").json()["children"]} == {
        "1.0.0"
    }
    project.pulumi("destroy", "--stack", "t22", "--yes")


def test_a_chart_goes_back_to_its_last_good_release(small: Small) -> None:
    """Another version of a chart with other values, then back: chart and values are those that were recorded."""
    spec = {"chart": {"folder": "charts/shop-1"}, "values": {"replicas": 1}}
    project = small("t22c", child("helm", "shop", spec))
    chart(project.root / "catalog/charts/shop-1")
    extra = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: second\n"
    chart(project.root / "catalog/charts/shop-2", second=extra)
    project.aoa("up", "--stack", "t22c", "--yes")
    project.aoa("release", "record", "--env", "t22c")

    second = {"chart": {"folder": "charts/shop-2"}, "values": {"replicas": 2}}
    project.edit("catalog/apps/shop.yaml", lambda shop: shop.update(version="2.0.0", spec=second))
    project.aoa("up", "--stack", "t22c", "--yes")
    assert project.get("eu-1", "deployment", "web", "-n", "t22c-shop")["spec"]["replicas"] == 2
    assert project.get("eu-1", "configmap", "second", "-n", "t22c-shop")

    project.aoa("rollback", "shop")
    project.aoa("up", "--stack", "t22c", "--yes")
    web = project.get("eu-1", "deployment", "web", "-n", "t22c-shop")
    assert web["spec"]["replicas"] == 1
    assert web["metadata"]["labels"]["app.kubernetes.io/version"] == "1.0.0"
    assert project.kubectl("eu-1", "get", "configmap", "second", "-n", "t22c-shop", code=1)
    project.pulumi("destroy", "--stack", "t22c", "--yes")


def live(aws: Callable[..., Any]) -> str:
    """Return the hash of the code that is live."""
    version = aws("lambda").get_alias(FunctionName="t22-task", Name="live")["FunctionVersion"]
    found = aws("lambda").get_function_configuration(FunctionName="t22-task", Qualifier=version)
    return str(found["CodeSha256"])
