"""Objects that the provider renders: what renders them, and our last look at each."""

from typing import Any

import pytest

from appofapps.plan.plan import PlannedChild
from components.objects import RefusedObjectError, refuse
from tests.components.catalogs import DIGEST, child, plan
from tests.components.conftest import Deploy

IMAGE = f"registry.example/web:1.0.0@{DIGEST}"


def planned(tier: str = "dev", **spec: Any) -> PlannedChild[Any]:
    """Return a child with an overlay, planned in a tier."""
    return plan(child("page", "kustomize", spec=spec), tier=tier).children[0]


def thing(kind: str, namespace: str | None = "dev-page", **fields: Any) -> dict[str, Any]:
    """Return an object as it was rendered."""
    metadata = {"name": "web", **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, **fields}


def running(image: str) -> dict[str, Any]:
    """Return a rendered Deployment."""
    return thing("Deployment", spec={"template": {"spec": {"containers": [{"name": "web", "image": image}]}}})


def test_the_provider_renders_after_the_walls_and_before_the_record(deploy: Deploy) -> None:
    """The path is relative to the program; names begin with the child's."""
    engine = deploy(child("page", "kustomize"), child("cart", needs=["page"]))
    overlay = engine.named("page@eu-1/overlay")

    assert overlay.inputs["namespace"] == "dev-page"
    assert not overlay.inputs["directory"].startswith("/")
    assert overlay.inputs["resourcePrefix"] == "page@eu-1/overlay"
    assert overlay.depends_on >= {"page@eu-1/namespace", "page@eu-1/quota", "page@eu-1/network-policy"}
    assert engine.named("cart@eu-1/namespace").depends_on == {"page@eu-1/record"}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (thing("ClusterRole", None), "clusterrole/web is an object of the whole cluster, .*`cluster_scoped: ."),
        (
            thing("Role", "kube-system"),
            "role/web is in the namespace 'kube-system'; a child stays in its own, dev-page",
        ),
        (thing("Secret", data={"a": "Yg=="}), "secret/web holds a secret in clear text"),
        (running("web:latest"), "deployment/web: image 'web:latest' has a floating tag; pin it"),
    ],
)
def test_an_object_that_is_not_for_the_child_is_refused(document: dict[str, Any], message: str) -> None:
    """The rules for objects in files hold for rendered ones."""
    with pytest.raises(RefusedObjectError, match=message):
        refuse(planned(), document, secrets_allowed=False)


def test_what_is_allowed_passes() -> None:
    """Kinds with a permission, secrets of charts, and in dev an image without a digest."""
    refuse(planned(cluster_scoped=["ClusterRole"]), thing("ClusterRole", None), secrets_allowed=False)
    refuse(planned(), thing("Secret", data={"a": "Yg=="}), secrets_allowed=True)
    refuse(planned(), running("web:1.0.0"), secrets_allowed=False)
    with pytest.raises(RefusedObjectError, match="has no digest"):
        refuse(planned("prod"), running("web:1.0.0"), secrets_allowed=False)
