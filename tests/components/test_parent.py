"""The parent: order, tenancy, renaming, retention, and what it exports."""

from typing import Any

import pulumi
import pytest

from appofapps.catalog.models.child import ChildFile
from appofapps.plan.plan import Plan
from components.child import ChildComponent, Resources, Scene, arguments
from components.parent import ParentApp
from tests.components.catalogs import child, cluster, plan
from tests.components.conftest import Deploy
from tests.components.engine import Engine, run

TWO = (cluster("eu-1"), cluster("us-1", "us-east-1"))


def reachable(engine: Engine, name: str) -> set[str]:
    """Return everything a resource waits for, directly or not."""
    found: set[str] = set()
    left = [name]
    while left:
        for dependency in engine.named(left.pop()).depends_on - found:
            found.add(dependency)
            left.append(dependency)
    return found


def test_a_child_waits_for_what_it_needs(deploy: Deploy) -> None:
    """Everything of a dependent comes after the resource that makes its need ready; nothing the other way round."""
    engine = deploy(child("cart", needs=["db"]), child("db"))
    mine = {name for name in engine.names() if name.startswith("cart@")}

    assert all("db@eu-1/deployment" in reachable(engine, name) for name in mine)
    assert not {name for name in reachable(engine, "db@eu-1/deployment") if name.startswith("cart@")}


def test_a_function_waits_across_kinds_and_places(deploy: Deploy) -> None:
    """A need in the same region counts for a function, and its alias for others."""
    engine = deploy(
        child("mailer", "function", needs=["cart"]), child("cart"), child("web", needs=["mailer"]), clusters=TWO
    )

    assert "cart@eu-1/deployment" in reachable(engine, "mailer@eu-west-1/function")
    assert "cart@us-1/deployment" not in reachable(engine, "mailer@eu-west-1/function")
    assert "mailer@us-east-1/alias" in reachable(engine, "web@us-1/deployment")


def test_pods_start_behind_their_walls(deploy: Deploy) -> None:
    """Limits apply at creation and an open network is open at once: pods wait for both."""
    assert {f"cart@eu-1/{each}" for each in ("namespace", "quota", "limits", "network-policy")} <= reachable(
        deploy(child("cart")), "cart@eu-1/deployment"
    )


def test_a_child_without_resources_hands_on_what_it_waits_for() -> None:
    """An empty child in the middle of a chain does not break it."""

    class Empty(ChildComponent[ChildFile]):
        def build(self) -> Resources:
            return []

    planned = plan(child("cart")).children[0]
    seen: list[Any] = []

    def program() -> None:
        before = pulumi.ComponentResource("test:a:Before", "before")
        seen.append((Empty(planned, Scene(before, (), [before])).ready, before))

    run(program)

    ready, before = seen[0]
    assert ready == [before]


def test_each_place_has_its_own_provider(deploy: Deploy) -> None:
    """A child in two clusters goes to each through that cluster; functions through their region."""
    engine = deploy(child("cart"), child("mailer", "function"), clusters=TWO)

    assert engine.named("cart@us-1/deployment").provider == "us-1"
    assert engine.named("mailer@us-east-1/function").provider == "aws-us-east-1"
    assert engine.registered["kubernetes us-1"].inputs["clusterIdentifier"] == "us-1"
    assert engine.registered["kubernetes us-1"].inputs["kubeconfig"] == ""
    assert engine.registered["aws aws-us-east-1"].inputs["allowedAccountIds"] == '["123456789012"]'


def test_a_renamed_child_keeps_its_identity(deploy: Deploy) -> None:
    """Components get an alias, which the engine hands down; physical names and selectors stay those of the old name."""
    engine = deploy(child("basket", moved_from="cart", spec={"ports": [{"port": 80}]}))
    deployment = engine.named("basket@eu-1/deployment")

    assert engine.registered["Workload basket@eu-1"].aliases == ("cart@eu-1",)
    assert engine.registered["Tenancy basket@eu-1"].aliases == ("cart@eu-1",)
    assert deployment.inputs["metadata"]["name"] == deployment.inputs["metadata"]["namespace"] == "dev-cart"
    assert deployment.inputs["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"] == "cart"


def test_a_retained_child_leaves_everything_behind(deploy: Deploy) -> None:
    """What is retained is retained whole: data without its namespace or its queue would be lost all the same."""
    engine = deploy(child("cart", deletion_policy="retain"), child("web"))

    kept = {name for name in engine.names() if engine.named(name).retained}
    assert kept == {name for name in engine.names() if name.startswith("cart@")}


def test_a_child_that_goes_by_snapshot_says_so_in_its_namespace(deploy: Deploy) -> None:
    """The state tells it when the file is gone; the engine itself deletes such a child as any other."""
    stored = {"controller": "StatefulSet", "claims": [{"name": "journal", "size": "1Gi"}]}
    engine = deploy(child("cart", deletion_policy="snapshot", spec=stored), child("web"))

    annotation = "appofapps.dev/deletion-policy"
    assert engine.named("cart@eu-1/namespace").inputs["metadata"]["annotations"][annotation] == "snapshot"
    assert annotation not in engine.named("web@eu-1/namespace").inputs["metadata"]["annotations"]
    assert not engine.named("cart@eu-1/namespace").retained


def test_the_network_is_closed_but_for_needs(deploy: Deploy) -> None:
    """Out go DNS, needs and declared destinations; in come dependents; nothing else."""
    egress = [{"cidr": "192.0.2.0/24", "port": 443, "reason": "bank"}]
    engine = deploy(
        child("cart", needs=["db"], egress=egress, spec={"ports": [{"port": 80}]}),
        child("db", spec={"ports": [{"port": 5432}]}),
    )
    cart = engine.named("cart@eu-1/network-policy").inputs["spec"]
    db = engine.named("db@eu-1/network-policy").inputs["spec"]
    namespace = "kubernetes.io/metadata.name"

    assert cart["podSelector"] == {}
    assert cart["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in cart
    assert [rule["ports"][0]["port"] for rule in cart["egress"]] == [53, 5432, 443]
    assert cart["egress"][1]["to"] == [{"namespaceSelector": {"matchLabels": {namespace: "dev-db"}}}]
    assert cart["egress"][2]["to"] == [{"ipBlock": {"cidr": "192.0.2.0/24"}}]
    assert db["ingress"] == [
        {
            "from": [{"namespaceSelector": {"matchLabels": {namespace: "dev-cart"}}}],
            "ports": [{"port": 5432, "protocol": "TCP"}],
        }
    ]


def test_a_team_may_look_and_restart_and_no_more(deploy: Deploy) -> None:
    """The owning team reads, forwards ports and deletes pods; secrets and changes are not among its rights."""
    engine = deploy(child("cart"))
    rules = engine.named("cart@eu-1/team-role").inputs["rules"]
    verbs = {verb for rule in rules for verb in rule["verbs"]}
    kinds = {kind for rule in rules for kind in rule["resources"]}

    assert verbs == {"get", "list", "watch", "create", "delete"}
    assert [rule["resources"] for rule in rules if "create" in rule["verbs"]] == [["pods/portforward"]]
    assert [rule["resources"] for rule in rules if "delete" in rule["verbs"]] == [["pods"]]
    assert not {kind for kind in kinds if "secret" in kind or kind == "*"}
    subject = engine.named("cart@eu-1/team-binding").inputs["subjects"][0]
    assert (subject["kind"], subject["name"]) == ("Group", "team:shop")


def test_outputs_are_the_contract_of_each_child() -> None:
    """Version, kind, place, owner, endpoints and readiness, by address."""
    planned = plan(
        child("cart", spec={"ports": [{"port": 80}], "ingress": {"host": "cart.example.org"}}),
        child("hook", "function", spec={"triggers": {"url": {}}}),
    )
    exported = outputs(planned)

    assert exported["parent"] == {"name": "shop", "version": "2.0.0"}
    assert exported["children"]["cart@eu-1"] == {
        "version": "1.0.0",
        "kind": "workload",
        "place": "eu-1",
        "owner": "shop",
        "endpoints": {"service": "dev-cart.dev-cart.svc.cluster.local", "ingress": "http://cart.example.org/"},
        "ready": True,
    }
    assert exported["children"]["hook@eu-west-1"]["endpoints"] == {
        "function": "arn:aws:lambda:eu-west-1:123456789012:function:dev-hook:live",
        "url": "https://url.example/",
    }


def outputs(planned: Plan) -> Any:
    """Return what a plan's parent exports, resolved."""
    seen: list[Any] = []
    run(lambda: pulumi.Output.from_input(ParentApp(planned).outputs).apply(seen.append))
    return seen[0]


@pytest.mark.parametrize("name", ["roleRef", "automountServiceAccountToken", "sqsManagedSseEnabled", "policy"])
def test_arguments_are_named_as_python_does(name: str) -> None:
    """Only the outermost keys change."""
    ((key, value),) = arguments({name: {"innerKey": 1}}).items()

    assert key.replace("_", "") == name.lower()
    assert value == {"innerKey": 1}
