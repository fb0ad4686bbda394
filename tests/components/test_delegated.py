"""What GitOps controllers are asked for, and what counts as done."""

import pytest
from pydantic import ValidationError

from tests.components.catalogs import COMMIT, child
from tests.components.conftest import Deploy
from tests.components.test_route import awaited

REPOSITORY = "https://git.example/loyalty"


def test_an_application_is_for_its_own_namespace(deploy: Deploy) -> None:
    """One commit of a folder, into the child's namespace; its deletion takes along what it deployed."""
    made = deploy(child("loyalty", "argocd-application", spec={"path": "deploy"})).named("loyalty@eu-1/application")

    assert made.inputs["spec"] == {
        "project": "default",
        "source": {"repoURL": REPOSITORY, "path": "deploy", "targetRevision": COMMIT},
        "destination": {"server": "https://kubernetes.default.svc", "namespace": "dev-loyalty"},
        "syncPolicy": {"automated": {"prune": True, "selfHeal": True}},
    }
    assert made.inputs["metadata"]["namespace"] == "dev-loyalty"
    assert made.inputs["metadata"]["finalizers"] == ["resources-finalizer.argocd.argoproj.io"]
    assert made.timeouts == {"create": "120s", "update": "120s"}


def test_an_application_is_ready_when_this_commit_is_healthy(deploy: Deploy) -> None:
    """A healthy status about another commit, folder or repository is not ours; dependents wait."""
    engine = deploy(child("loyalty", "argocd-application"), child("web", needs=["loyalty"]))

    assert awaited(engine.named("loyalty@eu-1/application").inputs) == [
        f"jsonpath={{.status.sync.comparedTo.source.repoURL}}={REPOSITORY}",
        "jsonpath={.status.sync.comparedTo.source.path}=.",
        f"jsonpath={{.status.sync.comparedTo.source.targetRevision}}={COMMIT}",
        f"jsonpath={{.status.sync.revision}}={COMMIT}",
        "jsonpath={.status.sync.status}=Synced",
        "jsonpath={.status.health.status}=Healthy",
    ]
    assert engine.named("web@eu-1/namespace").depends_on == {"loyalty@eu-1/application"}


def test_a_kustomization_and_its_repository(deploy: Deploy) -> None:
    """Flux reads one commit, applies it into the child's namespace, and waits for all of it within the deadline."""
    spec = {"path": "deploy", "secret": "git", "substitute": {"TIER": "dev"}}
    engine = deploy(child("loyalty", "flux-kustomization", deadline="5m", spec=spec))
    made = engine.named("loyalty@eu-1/kustomization")

    assert engine.named("loyalty@eu-1/repository").inputs["spec"] == {
        "url": REPOSITORY, "interval": "600s", "ref": {"commit": COMMIT}, "secretRef": {"name": "git"},
    }  # fmt: skip
    assert made.inputs["spec"] == {
        "interval": "600s", "path": "./deploy", "prune": True, "wait": True, "timeout": "300s",
        "targetNamespace": "dev-loyalty", "sourceRef": {"kind": "GitRepository", "name": "dev-loyalty"},
        "postBuild": {"substitute": {"TIER": "dev"}},
    }  # fmt: skip
    assert awaited(made.inputs) == [
        "jsonpath={.status.observedGeneration}",
        'jsonpath={.status.conditions[?(@.type=="Ready" && @.observedGeneration==$.metadata.generation)].status}=True',
        f"jsonpath={{.status.lastAppliedRevision}}=sha1:{COMMIT}",
    ]
    assert made.depends_on == {"loyalty@eu-1/repository"}


@pytest.mark.parametrize("kind", ["argocd-application", "flux-kustomization"])
def test_a_branch_is_refused(kind: str) -> None:
    """What runs could never be told from what was reviewed."""
    with pytest.raises(ValidationError, match="revision"):
        child("loyalty", kind, spec={"revision": "main"})
