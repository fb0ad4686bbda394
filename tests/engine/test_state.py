"""Reading and repairing an exported state."""

from typing import Any

from appofapps.engine.state import UNVERIFIED, read_state, without_cluster, without_pending
from appofapps.plan.plan import Address

PREFIX = "urn:pulumi:dev::app-of-apps::appofapps:components:ParentApp$appofapps:components:Function"
ROLE = f"{PREFIX}$aws:iam/role:Role::fraud-check@eu-west-1/role"
PROVIDER = "urn:pulumi:dev::app-of-apps::pulumi:providers:aws::aws-eu-west-1"


def role(**more: Any) -> dict[str, Any]:
    """Return a role's record."""
    inputs = {"name": "dev-fraud-check"}
    provider = f"{PROVIDER}::123"
    return {"urn": ROLE, "type": "aws:iam/role:Role", "custom": True, "inputs": inputs, "provider": provider, **more}


def exported(resources: list[dict[str, Any]], *pending: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """Return an exported state."""
    operations = [{"resource": resource, "type": kind} for kind, resource in pending]
    return {"version": 3, "deployment": {"resources": resources, "pending_operations": operations}}


def test_state_of_nothing() -> None:
    """A stack that was never deployed, or whose first run was killed at once, has an empty state."""
    assert read_state({}).resources == ()
    assert read_state({"version": 3, "deployment": {"resources": None}}).children() == frozenset()


def test_state_names_children() -> None:
    """A resource is told with its child, and the provider of a pending one with its name."""
    state = read_state(exported([role(id="dev-fraud-check")], ("updating", role(id="dev-fraud-check"))))

    assert state.children() == {Address("fraud-check", "eu-west-1")}
    assert state.pending[0].provider == PROVIDER
    assert state.pending[0].kind == "updating"


def test_creation_that_succeeded() -> None:
    """What a creation made is in the state under its id, to be verified, and nothing is pending."""
    repaired = without_pending(exported([], ("creating", role())), {ROLE: "dev-fraud-check"})

    (resource,) = repaired["deployment"]["resources"]
    assert (resource["id"], resource["initErrors"]) == ("dev-fraud-check", [UNVERIFIED])
    assert resource["inputs"] == resource["outputs"] == {"name": "dev-fraud-check"}
    assert repaired["deployment"]["pending_operations"] == []


def test_creation_that_made_nothing() -> None:
    """A creation that made nothing leaves no trace."""
    assert without_pending(exported([], ("creating", role())), {})["deployment"]["resources"] == []


def test_interrupted_update() -> None:
    """What was being updated or deleted is to be verified."""
    for kind in ("updating", "deleting"):
        repaired = without_pending(exported([role(id="a")], (kind, role(id="a"))), {})
        assert repaired["deployment"]["resources"][0]["initErrors"] == [UNVERIFIED]


def test_interrupted_replacement() -> None:
    """The predecessor of what was created anew is left to be deleted, or forgotten when it is deleted already."""
    made = {ROLE: "new"}

    beside = without_pending(exported([role(id="old")], ("creating", role())), made)["deployment"]["resources"]
    after = without_pending(exported([role(id="old", pendingReplacement=True)], ("creating", role())), made)

    assert [(one["id"], one.get("delete")) for one in beside] == [("old", True), ("new", None)]
    assert [one["id"] for one in after["deployment"]["resources"]] == ["new"]


def test_components_need_no_verification() -> None:
    """A component is forgotten, or kept as it is: nothing stands behind it."""
    component = {"urn": f"{PREFIX}::fraud-check@eu-west-1", "custom": False}

    repaired = without_pending(exported([component], ("updating", component)), {})

    assert repaired["deployment"]["resources"] == [component]


PARENT = "urn:pulumi:dev::app-of-apps::appofapps:components:ParentApp"
EU, US = (f"{PARENT}$pulumi:providers:kubernetes::{name}" for name in ("eu-1", "us-1"))
AWS = f"{PARENT}$pulumi:providers:aws::aws-us-east-1"


def cart(place: str, provider: str, resource: str, kind: str, **more: Any) -> dict[str, Any]:
    """Return the record of a resource of the cart."""
    component = f"{PARENT}$appofapps:components:Workload::cart@{place}"
    urn = f"{PARENT}$appofapps:components:Workload${kind}::cart@{place}/{resource}"
    return {"urn": urn, "type": kind, "custom": True, "parent": component, "provider": f"{provider}::7", **more}


def component(place: str) -> dict[str, Any]:
    """Return the record of the cart's component."""
    urn = f"{PARENT}$appofapps:components:Workload::cart@{place}"
    return {"urn": urn, "type": "appofapps:components:Workload", "custom": False, "parent": f"{PARENT}::shop"}


def providers() -> list[dict[str, Any]]:
    """Return the records of the parent and of the providers."""
    parent = {"urn": f"{PARENT}::shop", "type": "appofapps:components:ParentApp", "custom": False}
    made = [{"urn": urn, "type": urn.split("$")[1].split("::")[0], "custom": True} for urn in (EU, US, AWS)]
    return [parent, *made]


def test_a_forgotten_cluster_leaves_the_state_with_its_provider() -> None:
    """What is in another cluster stays, and no longer names what is gone, which the engine would refuse."""
    namespace = cart("us-1", US, "namespace", "kubernetes:core/v1:Namespace")
    here = cart("eu-1", EU, "deployment", "kubernetes:apps/v1:Deployment", dependencies=[namespace["urn"]])
    here["propertyDependencies"] = {"spec": [namespace["urn"]]}
    state = exported([*providers(), component("eu-1"), component("us-1"), namespace, here], ("updating", namespace))

    left, lost = without_cluster(state, "us-1")

    assert set(lost) == {US, component("us-1")["urn"], namespace["urn"]}
    kept = {raw["urn"]: raw for raw in left["deployment"]["resources"]}
    assert kept.keys() == {raw["urn"] for raw in [*providers(), component("eu-1"), here]} - {US}
    assert kept[here["urn"]]["dependencies"] == []
    assert kept[here["urn"]]["propertyDependencies"] == {"spec": []}
    assert left["deployment"]["pending_operations"] == []


def test_what_a_child_of_a_forgotten_cluster_has_in_aws_stays_in_the_state() -> None:
    """A role outlives the cluster: the next `up` deletes it, which takes a record of it."""
    namespace = cart("us-1", US, "namespace", "kubernetes:core/v1:Namespace")
    role_there = cart("us-1", AWS, "role", "aws:iam/role:Role", dependencies=[namespace["urn"]])

    left, lost = without_cluster(exported([*providers(), component("us-1"), namespace, role_there]), "us-1")

    assert set(lost) == {US, namespace["urn"]}
    assert {component("us-1")["urn"], role_there["urn"]} <= {raw["urn"] for raw in left["deployment"]["resources"]}
