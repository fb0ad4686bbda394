"""Previews on real clusters: one child each beside a shared service, listed from the backend, removed when over."""

from collections.abc import Callable

from tests.e2e.project import Project
from tests.e2e.small_catalog import API, image, workload

Small = Callable[..., Project]
ENVIRONMENT = "pre"
WEB = {"ingress": {"host": "web.example.org"}}
UP = ("preview-env", "up", "--children", "web", "--label", "preview", "--yes")


def namespaces(project: Project) -> set[str]:
    """Return the namespaces of all previews, and of the environment they are of."""
    names = {item["metadata"]["name"] for item in project.get("eu-1", "namespaces")["items"]}
    return {name for name in names if name.startswith(("pr-", f"{ENVIRONMENT}-"))}


def test_the_life_of_two_previews(small: Small) -> None:
    """Brought up beside what is shared, limited, extended; what is over is told first, and removed on request."""
    project = small(ENVIRONMENT, workload("store"), workload("web", "store", spec=WEB))
    rules = {**API, "kind": "previews", "environment": ENVIRONMENT, "domain": "p.example.org", "shared": ["store"]}
    project.write("catalog/previews.yaml", {**rules, "most": 2, "ttl": "1h"})

    early = project.aoa(*UP, "--pr", "1", "--ref", "1234567", code=2)
    assert "needs store@eu-1 of stack pre, which is missing" in early.text
    assert not (project.root / "Pulumi.pr-1.yaml").exists()
    project.aoa("up", "--stack", ENVIRONMENT, "--yes")
    first = project.aoa(*UP, "--pr", "1", "--ref", "1234567")
    assert "web@eu-1: http://web-pr-1.p.example.org/" in first.out
    project.edit("catalog/previews.yaml", lambda document: document.update(ttl="1s"))
    theirs = f"web={image('2.0.0', 'b')}"
    second = project.aoa(*UP, "--pr", "2", "--ref", "abcdef0", "--image", theirs, "--json").json()

    assert second["preview"]["record"]["children"] == ["web"]
    assert namespaces(project) == {"pre-store", "pre-web", "pr-1-web", "pr-2-web"}
    deployment = project.get("eu-1", "deployment", "pr-2-web", "-n", "pr-2-web")
    assert deployment["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/version"] == "1.0.0_pr2.abcdef0"
    assert "preview limit reached: 2 of 2" in project.aoa(*UP, "--pr", "3", "--ref", "1234567", code=2).text

    for file in project.root.glob("Pulumi.pr-*.yaml"):
        file.unlink()  # as in another checkout
    listed = {each["name"]: each for each in project.aoa("preview-env", "list", "--json").json()}
    assert {name: each["expired"] for name, each in listed.items()} == {"pr-1": False, "pr-2": True}
    later = project.aoa("preview-env", "extend", "--pr", "1", "--by", "2h", "--json").json()
    assert later["record"]["expires"] > listed["pr-1"]["record"]["expires"]

    told = project.aoa("preview-env", "reap", code=1)
    assert "pr-2: expired" in told.out
    assert namespaces(project) == {"pre-store", "pre-web", "pr-1-web", "pr-2-web"}
    done = project.aoa("preview-env", "reap", "--yes", "--json").json()
    assert (done["removed"], done["kept"], done["orphans"]) == (["pr-2"], ["pr-1"], {})
    assert namespaces(project) == {"pre-store", "pre-web", "pr-1-web"}
    assert project.aoa("preview-env", "list", "--json").json()[0]["record"]["expires"] == later["record"]["expires"]

    (project.root / "catalog/apps/web.yaml").unlink()  # a checkout that does not know its children
    project.aoa("preview-env", "reap", "--closed", "1", "--yes")
    assert namespaces(project) == {"pre-store", "pre-web"}
    assert project.aoa("preview-env", "list", "--json").json() == []
    project.pulumi("destroy", "--stack", ENVIRONMENT, "--yes")
