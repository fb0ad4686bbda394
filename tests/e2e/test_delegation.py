"""Kinds whose objects others act upon: the API server validates them by the others' own definitions.

In the sandbox kwok plays the controllers; where a test says `unseen`, it plays one itself by patching the status.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.e2e.playing import played
from tests.e2e.project import Project
from tests.e2e.small_catalog import FATE, of_kind, small_project, workload

OLD, NEW = "a" * 40, "b" * 40
GIT = {"repository": "https://git.example.org/loyalty", "path": "deploy", "revision": OLD}
SECRET = {"variable": "S", "external_secret": {"store": "vault", "key": "k", "property": "p"}}
RULE = {
    "path": "/cart", "backends": [{"child": "cart", "weight": 9}, {"child": "orders"}], "timeout": "3s",
    "retries": {"attempts": 2, "backoff": "1s"},
}  # fmt: skip
CHILDREN = (
    workload("cart", secrets=[SECRET]),
    workload("orders"),
    of_kind("route", "way", "cart", "orders", profiles={"dev": {"hosts": ["t9.example.org"]}},
            spec={"gateway_class": "public", "rules": [RULE]}),
    of_kind("mesh", "net", "cart", "orders", spec={"children": ["cart", "orders"]}),
    of_kind("argocd-application", "loyalty", spec=GIT),
    of_kind("flux-kustomization", "points", spec=GIT),
    workload("web", "way", "net", "loyalty", "points"),
)  # fmt: skip
OBJECTS = (
    ("externalsecrets", "t9-cart"), ("gateways.gateway.networking.k8s.io", "t9-way"), ("httproutes", "t9-way"),
    ("referencegrants", "t9-cart"), ("destinationrules", "t9-orders"), ("peerauthentications", "t9-net"),
    ("applications.argoproj.io", "t9-loyalty"), ("gitrepositories", "t9-points"), ("kustomizations", "t9-points"),
)  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, environment: Mapping[str, str]) -> Project:
    """Deploy one child of each kind; the last test destroys them."""
    made = small_project(tmp_path_factory.mktemp("t9"), environment, "t9", CHILDREN)
    made.pulumi("stack", "init", "t9")
    made.aoa("up", "--stack", "t9", "--yes")
    return made


def gate(project: Project, kind: str) -> Any:
    """Return the object of a delegated child."""
    name = {"applications.argoproj.io": "t9-loyalty", "kustomizations": "t9-points"}[kind]
    return project.get("eu-1", kind, name, "-n", name)


class TestAccepted:
    """What we send is what their definitions allow."""

    def test_every_object_is_there(self, project: Project) -> None:
        """The API server took one object of each type, and dropped no field: a second look finds no difference."""
        for kind, namespace in OBJECTS:
            assert project.get("eu-1", kind, "-n", namespace)["items"], kind
        project.aoa("preview", "--stack", "t9", "--refresh")

    def test_status_is_healthy(self, project: Project) -> None:
        """Every child is ready, by what its controller reports."""
        rows = project.aoa("status", "--stack", "t9", "--json").json()["children"]
        assert {row["address"]: row["ready"] for row in rows} == {f"{child['name']}@eu-1": True for child in CHILDREN}


class TestGate:
    """A revision counts when the controller has observed it and calls it healthy; nothing less does."""

    @pytest.mark.parametrize(
        ("child", "kind", "resource", "what"),
        [
            ("loyalty", "applications.argoproj.io", "application", "targetRevision"),
            ("points", "kustomizations", "kustomization", "has not seen the last change"),
        ],
    )
    def test_a_stale_or_absent_answer_is_not_ready(
        self, project: Project, child: str, kind: str, resource: str, what: str
    ) -> None:
        """With the old revision healthy, a run for the new one ends at its deadline and names what is missing."""
        unseen = [{"resource": resource, "merge": {"metadata": {"annotations": {FATE: "unseen"}}}}]
        change = {"deadline": 5, "version": "1.1.0", "patches": unseen, "spec": {**GIT, "revision": NEW}}
        project.edit(f"catalog/apps/{child}.yaml", lambda file: file.update(change))
        project.aoa("up", "--stack", "t9", "--yes", code=1)
        rows = project.aoa("status", "--stack", "t9", "--json", code=1).json()["children"]
        row = next(row for row in rows if row["address"] == f"{child}@eu-1")
        assert not row["ready"]
        assert what in row["cause"]

        project.edit(f"catalog/apps/{child}.yaml", lambda file: file.update(deadline=60))
        with played(lambda: report(project, kind)):
            project.aoa("up", "--stack", "t9", "--yes")
        project.aoa("status", "--stack", "t9")


def report(project: Project, kind: str) -> None:
    """Report, as the controller, that the new revision is live and healthy.

    Under a name of its own: what `kubectl` wrote the provider takes over, and drops from what it does not send.
    """
    found = gate(project, kind)
    name = found["metadata"]["name"]
    if kind == "kustomizations":
        generation = found["metadata"]["generation"]
        ready = {"type": "Ready", "status": "True", "reason": "ReconciliationSucceeded", "message": "applied",
                 "observedGeneration": generation, "lastTransitionTime": "2026-01-01T00:00:00Z"}  # fmt: skip
        status: dict[str, Any] = {
            "observedGeneration": generation, "lastAppliedRevision": f"sha1:{NEW}", "conditions": [ready],
        }  # fmt: skip
        where = ["--subresource=status"]
    else:
        compared = {"source": found["spec"]["source"], "destination": found["spec"]["destination"]}
        status = {
            "sync": {"status": "Synced", "revision": NEW, "comparedTo": compared}, "health": {"status": "Healthy"},
        }  # fmt: skip
        where = []
    project.kubectl(
        "eu-1", "patch", kind, name, "-n", name, "--type=merge", "--field-manager=controller", *where,
        "-p", json.dumps({"status": status}),
    )  # fmt: skip


def test_everything_goes(project: Project) -> None:
    """Finalizers of controllers hold up nothing; no object of the environment remains."""
    project.pulumi("destroy", "--stack", "t9", "--yes")
    assert project.items("eu-1", "namespaces", "t9") == []
