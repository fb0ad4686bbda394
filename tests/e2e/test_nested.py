"""A nested parent on the real engine: in order, under a component of its own, with a budget of its own."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import yaml

from tests.e2e.event_log import starts_and_ends
from tests.e2e.project import Project
from tests.e2e.small_catalog import API, OWNER, workload

Small = Callable[..., Project]


def nest(project: Project, name: str, *children: dict[str, Any], **manifest: Any) -> None:
    """Lay a catalog beside those of the project, to be nested."""
    folder = project.root / name
    documents = {"parent.yaml": {**API, "kind": "parent", "name": name, "version": "2.0.0", "owner": OWNER, **manifest}}
    documents |= {f"apps/{child['name']}.yaml": child for child in children}
    for file, document in documents.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(yaml.safe_dump(document))


def test_a_parent_of_parents(small: Small) -> None:
    """What needs the nested parent waits for all of it; one status tells how it is; its budget guards its children."""
    nested = {**API, "kind": "parent", "name": "edge", "version": "2.0.0", "owner": OWNER, "needs": ["base"]}
    project = small("nest", workload("base"), workload("shop", "edge"), {**nested, "spec": {"catalog": "../edge"}})
    nest(project, "edge", workload("cache"), workload("proxy", "cache"), deletion_budget={"children": 0})

    log = project.root / "up.events"
    project.pulumi("stack", "init", "nest")
    project.pulumi("up", "--stack", "nest", "--yes", "--skip-preview", "--event-log", str(log))

    starts, ends = starts_and_ends(log)
    chain = ("base", "edge-cache", "edge-proxy", "shop")
    for first, then in pairwise(chain):
        assert ends[f"{first}@eu-1/deployment"] <= starts[f"{then}@eu-1/deployment"]
    urns = [resource["urn"] for resource in project.state("nest")]
    assert [urn for urn in urns if "ParentApp$appofapps:components:ParentApp::edge" in urn]

    status = project.aoa("status", "--stack", "nest", "--json").json()
    assert status["parents"] == [{"name": "edge", "version": "2.0.0", "children": 2, "ready": 2}]

    (project.root / "edge/apps/proxy.yaml").unlink()
    for refused in (
        project.aoa("up", "--stack", "nest", "--yes", code=2),
        project.pulumi("up", "--stack", "nest", "--yes", "--skip-preview", code=None),
    ):
        assert refused.code != 0
        assert "remove 1 of 2 children (edge-proxy); the deletion budget of parent edge allows 0" in refused.text
    project.aoa("up", "--stack", "nest", "--yes", "--confirm-deletions", "1")
    names = {item["metadata"]["name"] for item in project.items("eu-1", "deployments", "nest")}
    assert names == {"nest-base", "nest-edge-cache", "nest-shop"}
    project.pulumi("destroy", "--stack", "nest", "--yes")
