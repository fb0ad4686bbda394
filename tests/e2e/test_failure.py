"""Children that fail: alone, at their own deadline, with the cause from their pods; repaired, all is well."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.project import Done, Project
from tests.e2e.small_catalog import doomed, image, workload

LEEWAY = 15.0
"""Seconds by which a loaded machine may be late in noticing a deadline."""
CAUSES = {
    "probed": "Readiness probe failed: HTTP probe failed with statuscode: 503",
    "crashing": "CrashLoopBackOff",
    "unpulled": "ImagePullBackOff",
}
DEADLINES = {"probed": 5, "crashing": 12, "unpulled": 5}


def outcomes(done: Done) -> dict[str, dict[str, Any]]:
    """Return what `aoa up --json` says of each child, by its name."""
    return {child["address"].removesuffix("@eu-1"): child for child in done.json()["children"]}


def available(project: Project, name: str) -> int:
    """Return the available replicas of a child's Deployment; 0 when there is none."""
    found = project.kubectl("eu-1", "get", "deployment", name, "-n", name, "-o", "json", code=None)
    return int(found.json()["status"].get("availableReplicas", 0)) if found.code == 0 else 0


class TestFirstDeployment:
    """Some children of a new stack cannot start."""

    @pytest.fixture
    def project(self, small: Callable[..., Project]) -> Project:
        """Three children that fail each in its own way, what needs one of them, and what needs none."""
        return small(
            "t4",
            workload("probed", fate="never-ready", deadline=DEADLINES["probed"]),
            workload("crashing", fate="crash", deadline=DEADLINES["crashing"]),
            workload("unpulled", fate="image-pull", deadline=DEADLINES["unpulled"]),
            workload("dependent", "probed"),
            workload("further", "dependent"),
            workload("unrelated"),
            workload("after", "unrelated"),
        )

    def test_failures_stay_alone_and_repaired_the_next_run_converges(self, project: Project) -> None:
        """Failed ones are named with cause and deadline, dependents are not begun, the rest is up; then all is."""
        found = outcomes(project.aoa("up", "--stack", "t4", "--yes", "--json", code=1))
        for name, cause in CAUSES.items():
            assert found[name]["outcome"] == "failed"
            assert cause in found[name]["cause"]
            assert DEADLINES[name] - 1 <= found[name]["seconds"] <= DEADLINES[name] + LEEWAY
        for name, need in {"dependent": "probed", "further": "dependent"}.items():
            assert found[name]["outcome"] == "not started"
            assert f"{need}@eu-1" in found[name]["cause"]
            assert available(project, f"t4-{name}") == 0
        for name in ("unrelated", "after"):
            assert found[name]["outcome"] == "deployed"
            assert available(project, f"t4-{name}") == 1

        for name in CAUSES:
            project.edit(f"catalog/apps/{name}.yaml", lambda child: child.pop("patches"))
        found = outcomes(project.aoa("up", "--stack", "t4", "--yes", "--json"))
        assert {name for name, child in found.items() if child["outcome"] == "unchanged"} == {"unrelated", "after"}
        assert all(available(project, f"t4-{name}") == 1 for name in found)
        project.pulumi("preview", "--stack", "t4", "--expect-no-changes", "--refresh")
        project.aoa("destroy", "--stack", "t4", "--yes")


class TestRelease:
    """A release of a running child fails."""

    def test_dependents_keep_their_version_until_it_is_repaired(self, small: Callable[..., Project]) -> None:
        """The summary names child, version and cause; what needs it is not released; the old pods still serve."""
        project = small("t4r", workload("api", deadline=8), workload("site", "api"), workload("other"))
        project.aoa("up", "--stack", "t4r", "--yes")
        for name in ("api", "site", "other"):
            project.edit(f"catalog/apps/{name}.yaml", lambda child: release(child, "1.1.0"))
        project.edit("catalog/apps/api.yaml", lambda child: child.update(patches=[doomed("crash")]))

        done = project.aoa("up", "--stack", "t4r", "--yes", code=1)
        row = next(line for line in done.err.splitlines() if line.startswith("api@eu-1") and "1.1.0" in line)
        assert "failed" in row
        assert "CrashLoopBackOff" in row
        assert images(project) == {"t4r-api": "1.1.0", "t4r-site": "1.0.0", "t4r-other": "1.1.0"}
        assert available(project, "t4r-api") == 1  # a rolling update takes nothing away before its successor is ready

        project.edit("catalog/apps/api.yaml", lambda child: child.pop("patches"))
        project.aoa("up", "--stack", "t4r", "--yes")
        assert set(images(project).values()) == {"1.1.0"}
        project.pulumi("preview", "--stack", "t4r", "--expect-no-changes", "--refresh")
        project.aoa("destroy", "--stack", "t4r", "--yes")


def release(child: dict[str, Any], version: str) -> None:
    """Make another version of a workload."""
    child["version"] = version
    child["spec"]["image"] = image(version, "b")


def images(project: Project) -> dict[str, str]:
    """Return the image tag that each Deployment of the stack asks for."""
    containers = {
        item["metadata"]["name"]: item["spec"]["template"]["spec"]["containers"][0]["image"]
        for item in project.items("eu-1", "deployments", "t4r")
    }
    return {name: reference.split(":")[1].split("@")[0] for name, reference in containers.items()}
