"""Back to the last good release, on the real engine: a workload that does not start, a function with bad code."""

from collections.abc import Callable
from typing import Any

from tests.e2e.project import Project
from tests.e2e.small_catalog import doomed, function, image, workload

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


def live(aws: Callable[..., Any]) -> str:
    """Return the hash of the code that is live."""
    version = aws("lambda").get_alias(FunctionName="t22-task", Name="live")["FunctionVersion"]
    found = aws("lambda").get_function_configuration(FunctionName="t22-task", Qualifier=version)
    return str(found["CodeSha256"])
