"""Objects that the provider renders: what becomes of each, and of a child whose objects are not to be had."""

from typing import Any

import pulumi
import pytest

from appofapps.plan.plan import PlannedChild
from components.failures import outlast_failures
from components.parent import ParentApp
from components.rendering import RenderingError, refuse
from tests.components.catalogs import DIGEST, child, plan
from tests.components.conftest import Deploy
from tests.components.engine import Engine, Rendering, run

IMAGE = f"registry.example/web:1.0.0@{DIGEST}"
DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "sites.example"},
    "spec": {"scope": "Cluster", "names": {"kind": "Site"}},
}  # fmt: skip


def planned(tier: str = "dev", **spec: Any) -> PlannedChild[Any]:
    """Return a child with an overlay, planned in a tier."""
    return plan(child("page", "kustomize", spec=spec), tier=tier).children[0]


def thing(kind: str, namespace: str | None = "dev-page", **fields: Any) -> dict[str, Any]:
    """Return an object as it was rendered."""
    metadata = {"name": "web", **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, **fields}


def running(image: str, kind: str = "Deployment", **spec: Any) -> dict[str, Any]:
    """Return a rendered controller."""
    spec = {"template": {"spec": {"containers": [{"name": "web", "image": image}]}}, **spec}
    return {**thing(kind, None, spec=spec), "apiVersion": "apps/v1"}


def renders(*objects: dict[str, Any]) -> Rendering:
    """Render these objects, whatever is asked for."""
    return lambda _function, _arguments: list(objects)


def fails(function: str, arguments: dict[str, Any]) -> list[dict[str, Any]]:
    """Answer like a provider whose template fails."""
    raise ValueError("invocation of kubernetes:kustomize:directory returned an error: no such base")


def failing(*children: Any, rendering: Rendering) -> set[str]:
    """Deploy children of which some fail; return the logical names of what was registered."""
    seen: list[Engine] = []

    def program() -> None:
        outlast_failures()
        seen.append(pulumi.runtime.settings.get_monitor())
        outputs = dict(ParentApp(plan(*children)).outputs)
        pulumi.ComponentResource("test:test:Stack", "exports").register_outputs(outputs)

    with pytest.raises(pulumi.RunError):
        run(program, rendering=rendering)
    return {each.name for each in seen[0].registered.values()}


def test_definitions_come_first_and_what_runs_after_the_walls(deploy: Deploy) -> None:
    """The names are those that the provider's own component gives; the record is last, dependents wait for it."""
    site = {"apiVersion": "example/v1", "kind": "Site", "metadata": {"name": "main"}}
    spec = {"cluster_scoped": ["CustomResourceDefinition", "Site"]}
    rendering = renders(running(IMAGE), thing("ConfigMap", None), site, DEFINITION)
    engine = deploy(child("page", "kustomize", spec=spec), child("cart", needs=["page"]), rendering=rendering)
    within = "page@eu-1/overlay:"

    assert engine.asked[0][0] == "kustomize:directory"
    web, main = engine.registered[f"Deployment {within}dev-page/web"], engine.named(f"{within}main")
    config = engine.registered[f"ConfigMap {within}dev-page/web"]
    assert {web.parent, main.parent, config.parent} == {"page@eu-1/overlay"}
    assert main.depends_on == {"page@eu-1/namespace", f"{within}sites.example"}
    assert "namespace" not in main.inputs["metadata"]
    assert web.depends_on >= {f"{within}dev-page/web", "page@eu-1/quota", "page@eu-1/network-policy"}
    assert engine.named("page@eu-1/record").depends_on >= {f"{within}dev-page/web", f"{within}main"}
    assert engine.named("cart@eu-1/namespace").depends_on == {"page@eu-1/record"}


def test_whole_numbers_stay_whole(deploy: Deploy) -> None:
    """Those of a provider's answer are all floating: a StatefulSet would be waited for with `=2.0`."""
    engine = deploy(child("page", "kustomize"), rendering=renders(running(IMAGE, "StatefulSet", replicas=2.0)))
    wait = engine.named("page@eu-1/overlay:dev-page/web").inputs["metadata"]["annotations"]["pulumi.com/waitFor"]
    assert '=2"' in wait


def test_secrets_of_a_chart_are_encrypted(deploy: Deploy) -> None:
    """They reach the engine marked as such; what a chart wants kept is kept."""
    secret = thing("Secret", None, data={"a": "Yg=="})
    secret["metadata"]["annotations"] = {"helm.sh/resource-policy": "keep"}
    made = deploy(child("shop", "helm"), rendering=renders(secret)).named("shop@eu-1/chart:dev-shop/web")

    assert made.inputs["data"] == {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
                                   "value": {"a": "Yg=="}}  # fmt: skip
    assert made.retained


def test_a_child_that_cannot_be_rendered_fails_alone() -> None:
    """Nothing of it is made, nor of what needs it; the unrelated is, and the program fails in the end."""
    children = (child("page", "kustomize"), child("next", needs=["page"]), child("cart"))
    names = failing(*children, rendering=fails)

    assert {name for name in names if name.startswith("page@")} == {"page@eu-1"}
    assert not [name for name in names if name.startswith("next@")]
    assert "cart@eu-1/deployment" in names


@pytest.mark.parametrize("engine", ["chart", "release"])
def test_a_refused_object_is_found_before_the_namespace_is_made(engine: str) -> None:
    """Under either engine: a release is not made, either."""
    names = failing(child("shop", "helm", spec={"engine": engine}), rendering=renders(thing("ClusterRole", None)))
    assert {name for name in names if name.startswith("shop@")} == {"shop@eu-1"}


def test_a_hook_that_only_the_rendering_shows_is_refused(deploy: Deploy) -> None:
    """Made as any object it would run at another time, again and again; a release may have it."""
    hook = thing("ConfigMap", None)
    hook["metadata"]["annotations"] = {"helm.sh/hook": "pre-install"}

    assert "shop@eu-1/namespace" not in failing(child("shop", "helm"), rendering=renders(hook))
    assert deploy(child("shop", "helm", spec={"engine": "release"}), rendering=renders(hook)).named("shop@eu-1/release")


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
    with pytest.raises(RenderingError, match=message):
        refuse(planned(), (document,), secrets_allowed=False)


def test_all_that_is_refused_is_said_at_once() -> None:
    """One line a problem would hide the others."""
    both = (thing("ClusterRole", None), thing("Role", "kube-system"), thing("Role"), thing("Role"))
    with pytest.raises(RenderingError, match=r"clusterrole/web .*role/web is in .*role/web is rendered twice"):
        refuse(planned(), both, secrets_allowed=False)


def test_what_is_allowed_passes() -> None:
    """Kinds with a permission, secrets of charts, and in dev an image without a digest."""
    tagged = {**running("web:1.0.0"), "metadata": {"name": "web", "namespace": "dev-page"}}
    refuse(planned(cluster_scoped=["ClusterRole"]), (thing("ClusterRole", None),), secrets_allowed=False)
    refuse(planned(), (thing("Secret", data={"a": "Yg=="}),), secrets_allowed=True)
    refuse(planned(), (tagged,), secrets_allowed=False)
    with pytest.raises(RenderingError, match="has no digest"):
        refuse(planned("prod"), (tagged,), secrets_allowed=False)
