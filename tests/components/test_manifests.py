"""Objects that others wrote become the child's own: place, labels, order, and what is waited for."""

from typing import Any

import pytest

from tests.components.catalogs import child
from tests.components.conftest import Deploy
from tests.components.engine import Engine

SCOPED = {"cluster_scoped": ["ClusterRole", "CustomResourceDefinition"]}


@pytest.fixture
def page(deploy: Deploy) -> Engine:
    """Deploy the objects of the folder beside this file, with a child that needs them."""
    patch = {"resource": "deployment/web", "merge": {"spec": {"replicas": 3}}}
    return deploy(child("page", "manifests", spec=SCOPED, patches=[patch]), child("cart", needs=["page"]))


def labels(engine: Engine, name: str) -> dict[str, str]:
    """Return the labels of a resource of `page`."""
    found: dict[str, str] = engine.named(f"page@eu-1/{name}").inputs["metadata"]["labels"]
    return found


def annotations(engine: Engine, name: str) -> dict[str, str]:
    """Return the annotations of ours that say what the engine does with a resource of `page`."""
    found = engine.named(f"page@eu-1/{name}").inputs["metadata"]["annotations"]
    return {key: value for key, value in found.items() if key.startswith("pulumi.com/")}


def test_every_object_is_a_resource_of_its_own(page: Engine) -> None:
    """Under the child, named by kind and name, of its own type, with its fields as they are written."""
    web, config = page.named("page@eu-1/deployment/web"), page.named("page@eu-1/configmap/web")

    assert (web.type, config.type) == ("kubernetes:apps/v1:Deployment", "kubernetes:core/v1:ConfigMap")
    assert web.parent == "page@eu-1"
    assert web.timeouts == {"create": "120s", "update": "120s"}
    assert config.inputs["data"] == {"A": "b"}


def test_objects_lie_in_the_childs_namespace(page: Engine) -> None:
    """But for those of the whole cluster; an account that a binding names is the child's, too."""
    place = {name: each.inputs["metadata"].get("namespace") for name, each in named(page).items()}

    assert {name for name, namespace in place.items() if namespace is None} == {
        "clusterrole/web", "customresourcedefinition/sites.example.org",
    }  # fmt: skip
    assert set(place.values()) == {None, "dev-page"}
    binding = page.named("page@eu-1/rolebinding/web").inputs
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "web", "namespace": "dev-page"}]


def named(engine: Engine) -> dict[str, Any]:
    """Return the objects of `page` by name."""
    prefix = "page@eu-1/"
    return {each.name.removeprefix(prefix): each for each in engine.registered.values()
            if each.name.startswith(prefix) and each.name.count("/") > 1}  # fmt: skip


def test_labels_say_whose_it_is_and_break_no_selector(page: Engine) -> None:
    """Ours are added; names that objects find one another by stay, pods get only labels nobody selects by."""
    web, service, config = (labels(page, name) for name in ("deployment/web", "service/web", "configmap/web"))

    assert web["app.kubernetes.io/managed-by"] == "app-of-apps"
    assert (web["app.kubernetes.io/version"], web["app.kubernetes.io/name"]) == ("1.0.0", "page")
    assert (service["app.kubernetes.io/version"], service["app.kubernetes.io/name"]) == ("1.0.0", "x")
    assert "app.kubernetes.io/version" not in config
    pods = page.named("page@eu-1/deployment/web").inputs["spec"]["template"]["metadata"]["labels"]
    assert pods["appofapps.dev/child"] == "page"
    assert set(pods) & {"app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/version"} == set()
    nightly = page.named("page@eu-1/cronjob/nightly").inputs["spec"]["jobTemplate"]["spec"]["template"]
    assert nightly["metadata"]["labels"]["appofapps.dev/child"] == "page"


def test_the_engine_waits_for_what_can_become_ready(page: Engine) -> None:
    """Definitions until they are served, replicas until they are ready; Services in the cluster not at all."""
    skip, forced = {"pulumi.com/skipAwait": "true"}, {"pulumi.com/patchForce": "true"}

    assert annotations(page, "service/web") == skip | forced
    assert annotations(page, "service/open") == forced
    assert "NewReplicaSetAvailable" in annotations(page, "deployment/web")["pulumi.com/waitFor"]
    definition = annotations(page, "customresourcedefinition/sites.example.org")
    assert definition["pulumi.com/waitFor"] == "condition=Established"
    assert "readyReplicas}=2" in annotations(page, "statefulset/db")["pulumi.com/waitFor"]


def test_definitions_come_first_and_what_runs_last(page: Engine) -> None:
    """A definition, settings and walls, pods, what leads to those from outside, the record, dependents."""
    definition = "page@eu-1/customresourcedefinition/sites.example.org"

    assert page.named(definition).depends_on == {"page@eu-1/namespace"}
    assert definition in page.named("page@eu-1/site/web").depends_on
    running = page.named("page@eu-1/deployment/web").depends_on
    assert running >= {"page@eu-1/configmap/web", "page@eu-1/quota", "page@eu-1/limits", "page@eu-1/network-policy"}
    assert page.named("page@eu-1/service/open").depends_on >= {"page@eu-1/deployment/web"}
    assert "page@eu-1/service/web" in running
    assert page.named("page@eu-1/record").depends_on >= {f"page@eu-1/{name}" for name in named(page)}
    assert page.named("cart@eu-1/namespace").depends_on == {"page@eu-1/record"}


def test_a_patch_addresses_an_object_by_kind_and_name(page: Engine) -> None:
    """It is merged over what the file says."""
    assert page.named("page@eu-1/deployment/web").inputs["spec"]["replicas"] == 3


def test_a_retained_child_is_left_alone(deploy: Deploy) -> None:
    """The deletion policy holds for objects of others, too."""
    engine = deploy(child("page", "manifests", spec=SCOPED, deletion_policy="retain"))

    assert engine.named("page@eu-1/deployment/web").retained
