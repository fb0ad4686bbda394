"""Tenants on real clusters: brought in by one command each, kept apart by the API server, retired without a trace."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.e2e.project import Done, Project
from tests.e2e.small_catalog import API, small_project, workload

Small = Callable[..., Project]
ENVIRONMENT = "ten"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Project:
    """Return a project with one shared child and two for tenants, and tenants acme and bolt deployed."""
    claims = {"controller": "StatefulSet", "claims": [{"name": "data", "size": "1Gi"}]}
    children = (
        workload("base"),
        workload("store", per_tenant=True, spec=claims),
        workload("shop", "store", per_tenant=True),
    )
    project = small_project(tmp_path_factory.mktemp("tenants"), environment, ENVIRONMENT, children)
    plan = {**API, "kind": "tenant-plan", "name": "small", "children": ["shop", "store"]}
    project.write("catalog/tenant-plans/small.yaml", {**plan, "quota": {"cpu": "1", "memory": "1Gi", "pods": 5}})
    for name in ("acme", "bolt"):
        project.aoa("tenant", "add", name, "--plan", "small", "--env", ENVIRONMENT)
        project.aoa("up", "--stack", f"{ENVIRONMENT}-{name}", "--yes")
    return project


def administrator(project: Project, tenant: str) -> Callable[..., Done]:
    """Return `kubectl` with a kubeconfig of its own, that of an administrator of a tenant and of nothing else."""
    file = project.root / f"{tenant}.kubeconfig"
    config = yaml.safe_load(project.kubectl("eu-1", "config", "view", "--raw", "--minify", "--flatten").out)
    config["users"][0]["user"] |= {"as": f"alice@{tenant}", "as-groups": [f"{tenant}-admins"]}
    file.write_text(yaml.safe_dump(config))

    def kubectl(*arguments: str) -> Done:
        return project.run("kubectl", "--kubeconfig", str(file), *arguments)

    return kubectl


def test_each_has_its_own(shop: Project) -> None:
    """A tenant's children run in its own namespaces, under its own stack; the shared stack has none of them."""
    for name in ("acme", "bolt"):
        found = {item["metadata"]["namespace"] for item in shop.items("eu-1", "deployments", f"{ENVIRONMENT}-{name}")}
        assert found == {f"{ENVIRONMENT}-{name}-shop"}
        assert shop.aoa("status", "--stack", f"{ENVIRONMENT}-{name}").code == 0
    plan = shop.aoa("plan", "--stack", ENVIRONMENT, "--json").json()
    assert [child["address"] for child in plan["children"]] == ["base@eu-1"]
    listed = shop.aoa("tenant", "list", "--json").json()
    assert [(each["tenant"], each["stack"], each["children"]) for each in listed] == [
        ("acme", "ten-acme", 2),
        ("bolt", "ten-bolt", 2),
    ]


@pytest.mark.parametrize(
    "request_",
    [
        ("get", "pods"),
        ("get", "configmaps"),
        ("get", "secrets"),
        ("logs", "deployment/{name}"),
        ("create", "configmap", "intruder"),
        ("delete", "pods", "--all"),
        ("exec", "deployment/{name}", "--", "true"),
        ("patch", "resourcequota", "{name}", "--type=merge", '--patch={"spec": {"hard": {"pods": "99"}}}'),
    ],
)
def test_nothing_of_one_is_open_to_another(shop: Project, request_: tuple[str, ...]) -> None:
    """The API server refuses an administrator of acme whatever is tried in a namespace of bolt."""
    other = f"{ENVIRONMENT}-bolt-shop"

    refused = administrator(shop, "acme")("-n", other, *(part.replace("{name}", other) for part in request_))

    assert refused.code != 0
    assert "forbidden" in refused.text.lower()


def test_an_administrator_sees_its_own_and_cannot_grow_it(shop: Project) -> None:
    """In a namespace of its own the tenant may look, but neither raise its quota, nor run more, nor let others in."""
    mine = f"{ENVIRONMENT}-acme-shop"
    kubectl = administrator(shop, "acme")

    assert mine in kubectl("-n", mine, "get", "pods").out
    grow = '--patch={"spec": {"hard": {"pods": "99"}}}'
    for arguments in (
        ("patch", "resourcequota", mine, "--type=merge", grow),
        ("create", "deployment", "more", "--image=registry.example.org/more:1"),
        ("create", "rolebinding", "friends", "--clusterrole=admin", "--group=bolt-admins"),
        ("delete", "networkpolicy", mine),
    ):
        refused = kubectl("-n", mine, *arguments)
        assert refused.code != 0
        assert "forbidden" in refused.text.lower()


def test_the_network_is_closed_between_tenants(shop: Project) -> None:
    """A tenant's store lets in its own shop and nobody else's."""
    policy = shop.get("eu-1", "networkpolicy", f"{ENVIRONMENT}-acme-store", "-n", f"{ENVIRONMENT}-acme-store")

    callers = [peer for rule in policy["spec"]["ingress"] for peer in rule["from"] if "namespaceSelector" in peer]
    assert [peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"] for peer in callers] == [
        f"{ENVIRONMENT}-acme-shop"
    ]


def test_a_tenant_of_a_name_that_is_taken(shop: Project) -> None:
    """Adding a tenant again, or with a plan that does not exist, is refused and changes nothing."""
    before = sorted(path for path in shop.root.glob("**/*.yaml"))

    again = shop.aoa("tenant", "add", "acme", "--plan", "small", "--env", ENVIRONMENT, code=2)
    unknown = shop.aoa("tenant", "add", "cosy", "--plan", "smal", "--env", ENVIRONMENT, code=2)

    assert "is there already" in again.text
    assert "did you mean 'small'?" in unknown.text
    assert sorted(path for path in shop.root.glob("**/*.yaml")) == before


def test_a_fleet_of_tenants(shop: Project) -> None:
    """All tenants, or one, are run as a fleet; what is as it was deployed is left out; the shared stack is another."""
    everyone = shop.aoa("fleet", "plan", "--env", ENVIRONMENT, "--all-tenants", "--json").json()
    assert {stack["stack"] for stack in everyone["stacks"]} == {"ten-acme", "ten-bolt"}
    shared = shop.aoa("fleet", "plan", "--env", ENVIRONMENT, "--json").json()
    assert {stack["stack"] for stack in shared["stacks"]} == {ENVIRONMENT}
    assert "did you mean 'acme'" in shop.aoa("fleet", "plan", "--env", ENVIRONMENT, "--tenant", "acne", code=2).text

    again = shop.aoa("fleet", "up", "--env", ENVIRONMENT, "--tenant", "acme", "--changed", "--yes", "--json").json()

    assert [stack["stack"] for stack in again["stacks"]] == ["ten-acme"]


def test_removal_is_a_retirement(shop: Project) -> None:
    """Data is kept until somebody agrees to lose it; then nothing is left of the tenant, and all of the other."""
    refused = shop.aoa("tenant", "remove", "bolt", "--yes", code=2)
    assert "store@eu-1 of ten-bolt" in refused.text
    assert "keeps data" in refused.text

    done = shop.aoa("tenant", "remove", "bolt", "--yes", "--delete-data", "--json").json()

    assert done["left"] == {}
    assert sorted(Path(file).name for file in done["removed"]) == ["Pulumi.ten-bolt.yaml", "bolt.yaml"]
    names = {item["metadata"]["name"] for item in shop.get("eu-1", "namespaces")["items"]}
    assert not {name for name in names if "bolt" in name}
    assert {name for name in names if "acme" in name} == {"ten-acme-shop", "ten-acme-store"}
    assert [each["tenant"] for each in shop.aoa("tenant", "list", "--json").json()] == ["acme"]
    assert "no stack" in shop.pulumi("stack", "--stack", "ten-bolt", code=None).text
    shop.pulumi("destroy", "--stack", "ten-acme", "--yes")
