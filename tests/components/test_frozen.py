"""A paused child is registered as the state has it, whatever its file says by now."""

from typing import Any

from appofapps.catalog.models.kinds import Child
from components.last import read
from components.parent import ParentApp
from tests.components.catalogs import child, cluster, plan
from tests.components.engine import Engine, run

PARENT = "appofapps:components:ParentApp"
PAUSED = {"reason": "incident 12", "owner": "shop", "until": "2027-01-01"}


def deployed(*children: Child, **options: Any) -> Engine:
    """Deploy children for the first time."""
    return run(lambda: ParentApp(plan(*children, **options)))


def again(before: Engine, *children: Child, exports: dict[str, Any] | None = None, **options: Any) -> Engine:
    """Run over what is deployed."""
    stack = {"urn:pulumi:test::app-of-apps::pulumi:pulumi:Stack::app": {"outputs": {"children": exports or {}}}}
    state = {urn(each.urn): {"type": each.type} for each in before.registered.values()} | stack
    return run(lambda: ParentApp(plan(*children, **options), read(state)), state)


def urn(mocked: str) -> str:
    """Return a URN as the engine makes it, with the types of all parents: Pulumi's mocks know the nearest only."""
    *first, types, name = mocked.split("::")
    chain = [each for each in types.split("$") if each != "pulumi:pulumi:Stack"]
    full = chain if chain[0] == PARENT else [PARENT, *chain]
    return "::".join([*first, "$".join(full), name])


def identities(engine: Engine) -> set[tuple[str, str]]:
    """Return what the engine knows the resources of the cart by."""
    return {(each.urn, each.parent) for each in engine.registered.values() if each.name.startswith("cart@")}


def test_what_is_there_stays_and_nothing_comes() -> None:
    """Another controller, more ports, an autoscaler, a role in AWS, a renamed config: not one resource differs."""
    old = child("cart", spec={"ports": [{"port": 80}], "config": {"A": "1"}})
    permission = {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::x/*"]}
    new = child(
        "cart", paused=PAUSED, cloud_identity=[permission], spec={"controller": "StatefulSet", "config": {}},
        profile={"replicas": 3},
    )  # fmt: skip
    before = deployed(old, child("web"))
    after = again(before, new, child("web"))

    assert identities(after) == identities(before)
    assert {each.name for each in after.registered.values() if each.type.startswith("pulumi:providers")} == {"eu-1"}
    for each in after.registered.values():
        everything = each.name.startswith("cart@") and "/" in each.name
        assert each.ignored == (("*",) if everything else ("digest",) if each.type == PARENT else ())
        assert not (everything and each.inputs)


def test_also_when_it_is_of_another_kind() -> None:
    """A workload whose file makes it a job stays the workload it is."""
    before = deployed(child("cart"))
    assert identities(again(before, child("cart", "job", paused=PAUSED))) == identities(before)


def test_a_function_keeps_its_triggers_and_its_region() -> None:
    """A trigger that the file drops stays, one that it adds does not come; the provider of the region is there."""
    before = deployed(child("cart", "function", spec={"triggers": {"queue": {"name": "orders"}}}))
    after = again(before, child("cart", "function", paused=PAUSED, spec={"triggers": {"url": {}}}))

    assert identities(after) == identities(before)
    assert "cart@eu-west-1/role" in after.named("cart@eu-west-1/role-policy").depends_on


def test_a_child_that_is_not_deployed_is_not_deployed() -> None:
    """Neither in a new stack, nor in a cluster that its file adds; no provider comes for it alone."""
    two = (cluster("eu-1"), cluster("us-1", "us-east-1"))
    one_place = {"target": {"clusters": {"name": "eu-1"}}}
    before = deployed(child("cart", **one_place), clusters=two)
    after = again(before, child("cart", paused=PAUSED), clusters=two)

    assert identities(after) == identities(before)
    assert deployed(child("cart", paused=PAUSED)).names() == set()
    assert "kubernetes us-1" not in after.registered


def test_a_rename_goes_through() -> None:
    """The new name is an alias of the old one, and everything in it stays."""
    before = deployed(child("cart"))
    after = again(before, child("basket", moved_from="cart", paused=PAUSED))

    assert after.registered["Workload basket@eu-1"].aliases == ("cart@eu-1",)
    assert after.names() == {name.replace("cart@", "basket@") for name in before.names()}


def test_what_needs_it_waits_for_it() -> None:
    """Removal goes the other way: dependents before it, its namespace last."""
    before = deployed(child("cart"), child("web", needs=["cart"]))
    after = again(before, child("cart", paused=PAUSED), child("web", needs=["cart"]))

    assert "cart@eu-1/deployment" in after.named("web@eu-1/namespace").depends_on
    assert "cart@eu-1/namespace" in after.named("cart@eu-1/deployment").depends_on


def test_a_retained_child_is_retained_while_paused() -> None:
    """The policy speaks of removal, which a pause does not forbid."""
    before = deployed(child("cart"))
    after = again(before, child("cart", paused=PAUSED, deletion_policy="retain"))
    assert {each.retained for each in after.registered.values() if "/" in each.name} == {True}


def test_nested_components_keep_their_place() -> None:
    """What a chart made is in the chart, not beside it."""
    prefix = "urn:pulumi:test::app-of-apps::appofapps:components:ParentApp$appofapps:components:Workload"
    chart = f"{prefix}$kubernetes:helm.sh/v4:Chart"
    state: dict[str, Any] = {
        f"{prefix}::cart@eu-1": {},
        f"{chart}::cart@eu-1/chart": {},
        f"{chart}$kubernetes:apps/v1:Deployment::cart@eu-1/chart:dev-cart/cart": {},
    }
    after = run(lambda: ParentApp(plan(child("cart", paused=PAUSED)), read(state)))
    assert after.named("cart@eu-1/chart:dev-cart/cart").parent == "cart@eu-1/chart"
    assert after.named("cart@eu-1/chart:dev-cart/cart").ignored == ("*",)


def test_its_exports_stay() -> None:
    """The stack goes on exporting what it said of the child last."""
    said = {"version": "1.0.0", "ready": True}
    before = deployed(child("cart"))
    seen: list[Any] = []
    state: dict[str, Any] = {urn(each.urn): {} for each in before.registered.values()}
    state["urn:pulumi:test::app-of-apps::pulumi:pulumi:Stack::app"] = {"outputs": {"children": {"cart@eu-1": said}}}
    planned = plan(child("cart", paused=PAUSED, version="2.0.0"))
    run(lambda: seen.append(ParentApp(planned, read(state)).outputs))
    assert seen[0]["children"] == {"cart@eu-1": said}
