"""Policies over namespaces: whom they choose, what they ask, and what does not fit."""

from typing import Any

import pytest

from appofapps.catalog.models.kinds import CHILD, Child
from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.problems import CatalogError
from appofapps.operations.planning import describe
from appofapps.plan.check import find_notes, find_problems
from appofapps.plan.digest import digest
from appofapps.plan.plan import Address, Plan
from appofapps.plan.resolve import resolve
from tests.plan.catalogs import API, OWNER, catalog, cluster, environment, workload
from tests.plan.test_previews import of as preview_of
from tests.plan.test_previews import shop
from tests.plan.test_tenants import of as tenant_of
from tests.plan.test_tenants import tenant, tenanted

DEV = StackTarget(environment="dev")
TWO = (cluster("eu-1"), cluster("us-1", "us-east-1"))
ROOM = {"quota": {"pods": 3}, "mode": "deny"}
ON_NODE = {"ports": [{"port": 80, "host_port": 9100}]}
BASELINE = {"pod-security.kubernetes.io/enforce": "baseline"}
OPENED = {"resource": "namespace", "merge": {"metadata": {"labels": BASELINE}}}


def policy(name: str = "rules", target: dict[str, Any] | None = None, **spec: Any) -> Child:
    """Return a policy over all namespaces, unless `spec` says otherwise."""
    document = {**API, "kind": "policy", "name": name, "version": "1.0.0", "owner": OWNER, "target": target or {}}
    return CHILD.validate_python({**document, "spec": {"namespaces": {}, **spec}})


def chosen(plan: Plan) -> dict[str, set[str]]:
    """Return the policies over each child's namespace, by name; one place of each child counts."""
    return {planned.child.name: {by.policy for by in planned.imposed} for planned in plan.children}


def problems(*children: Child, **others: Any) -> list[str]:
    """Return what is said of a catalog of these children."""
    return [f"{each.message}; {each.hint}" for each in find_problems(catalog(children, **others))]


def notes(*children: Child) -> list[str]:
    """Return what is noted of a catalog of these children."""
    return [each.message for each in find_notes(catalog(children))]


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ({}, {"cart", "web", "rules"}),
        ({"appofapps.dev/child": "cart"}, {"cart"}),
        ({"appofapps.dev/child": ["cart", "web"], "app.kubernetes.io/part-of": "shop"}, {"cart", "web"}),
        ({"kubernetes.io/metadata.name": "dev-web"}, {"web"}),
        ({"app.kubernetes.io/part-of": "other"}, set()),
        ({"no-such-label": ["cart"]}, set()),
    ],
)
def test_namespaces_are_chosen_by_their_labels(selector: dict[str, Any], found: set[str]) -> None:
    """As the API server matches them: every line has to hold, and an empty selector is everything."""
    plan = resolve(catalog([workload("cart"), workload("web"), policy(namespaces=selector, **ROOM)]), DEV)

    assert {name for name, by in chosen(plan).items() if by} == found


def test_a_patch_of_a_namespace_counts() -> None:
    """The labels are those that the namespace will have."""
    labelled = workload("cart", patches=[{"resource": "namespace", "merge": {"metadata": {"labels": {"zone": "pci"}}}}])
    plan = resolve(catalog([labelled, workload("web"), policy(namespaces={"zone": "pci"}, **ROOM)]), DEV)

    assert chosen(plan) == {"cart": {"rules"}, "web": set(), "rules": set()}


def test_excluded_namespaces_are_left_alone() -> None:
    """By the names of namespaces, as in the rules of admission."""
    plan = resolve(catalog([workload("cart"), policy(excluded=["dev-cart"], **ROOM)]), DEV)

    assert chosen(plan)["cart"] == set()


def test_a_policy_of_another_stack_counts_one_of_another_place_does_not() -> None:
    """The whole environment is known to every stack; another cluster, or environment, is none of its business."""
    children = (
        workload("cart", target={"clusters": {"name": "eu-1"}}),
        policy("here", **ROOM),
        policy("there", target={"clusters": {"name": "us-1"}}, **ROOM),
        policy("elsewhere", target={"environments": ["staging"]}, **ROOM),
    )
    two = [environment("dev"), environment("staging", "staging")]
    plan = resolve(catalog(children, TWO, two), StackTarget(environment="dev", select={"name": "cart"}))

    assert {planned.child.name for planned in plan.children} == {"cart"}
    assert chosen(plan) == {"cart": {"here"}}


def test_it_keeps_its_name_when_it_is_renamed() -> None:
    """What it adds is named by its identity: a renaming replaces nothing in anybody's namespace."""
    renamed = policy("limits", **ROOM).model_copy(update={"moved_from": "rules"})
    (by,) = resolve(catalog([workload("cart"), renamed]), DEV).by_address[Address("cart", "eu-1")].imposed

    assert (by.policy, by.identity, by.name) == ("limits", "rules", "dev-rules")


def test_tenants_and_previews_are_under_the_policies_of_their_environment() -> None:
    """Their namespaces are made of that environment; its policies keep its names."""
    around = {"quota": {"pods": 9}, "mode": "deny"}
    acme = tenant_of(tenanted(tenant("acme"), children=(policy(**around),)), "acme")
    pull = preview_of(shop(policy(**around), clusters={"name": "eu-1"}), "web")

    assert {by.name for planned in acme.children for by in planned.imposed} == {"dev-rules"}
    assert set(chosen(acme)) == {"shop", "store"}
    assert {by.name for planned in pull.children for by in planned.imposed} == {"dev-rules"}


def test_a_change_concerns_the_stacks_it_touches() -> None:
    """The digest of a stack whose namespaces are chosen changes with the policy, and that of no other."""

    def digests(most: int) -> tuple[str, str]:
        over = policy(namespaces={"appofapps.dev/child": "cart"}, quota={"pods": most}, mode="deny")
        everything = catalog([workload("cart"), workload("web"), over])
        stacks = (StackTarget(environment="dev", select={"name": name}) for name in ("cart", "web"))
        cart, web = (digest(resolve(everything, stack)) for stack in stacks)
        return cart, web

    (cart, web), (cart_after, web_after) = digests(3), digests(4)

    assert cart != cart_after
    assert web == web_after


def test_admission_alone_touches_nobody() -> None:
    """Rules of admission are the API server's: no child's stack is concerned by them."""
    rule = {"name": "few", "expression": "true", "message": "m"}
    admission = policy(resources=[{"api": "v1", "plural": "pods"}], rules=[rule])

    assert chosen(resolve(catalog([workload("cart"), admission]), DEV))["cart"] == set()


@pytest.mark.parametrize(
    ("quota", "said"),
    [
        ({"pods": 4}, "profiles.dev: 5 pods are over the quota of 4"),
        ({"requests.cpu": "0.2"}, "profiles.dev: 5 x 50m cpu is over the quota of 0.2"),
        ({"requests.memory": "300Mi"}, "profiles.dev: 5 x 64Mi memory is over the quota of 300Mi"),
        ({"pods": 5, "requests.cpu": "250m", "services.loadbalancers": 0}, ""),
    ],
)
def test_a_quota_that_a_child_does_not_fit(quota: dict[str, Any], said: str) -> None:
    """Denied, the catalog is wrong and the way out is told; audited, it is noted, in the plan, too."""
    four = workload("cart", profiles={"dev": {"replicas": 4}})
    denying, auditing = policy(quota=quota, mode="deny"), policy(quota=quota)

    hint = "; ask for less, or write 'dev-cart' under `excluded` of 'rules'"
    assert problems(four, denying) == ([f"{said} that policy 'rules' sets{hint}"] if said else [])
    assert problems(four, auditing) == []
    noted = [f"{said} that policy 'rules' (audit) sets"] if said else []
    assert notes(four, auditing) == noted
    assert list(describe(resolve(catalog([four, auditing]), DEV)).notes) == [f"cart@eu-1: {note}" for note in noted]
    assert notes(four, denying) == []


def test_an_override_is_held_to_it_where_it_counts() -> None:
    """The child of one cluster is larger, and only there."""
    child = workload("cart", overrides=[{"clusters": {"name": "us-1"}, "profile": {"replicas": 4}}])
    everywhere = policy(quota={"pods": 4}, mode="deny")
    in_eu = policy(target={"clusters": {"name": "eu-1"}}, quota={"pods": 4}, mode="deny")

    assert len(problems(child, everywhere, clusters=TWO)) == 1
    assert problems(child, in_eu, clusters=TWO) == []


@pytest.mark.parametrize(
    ("child", "level", "said"),
    [
        (workload("agent"), "restricted", ""),
        (workload("agent", spec=ON_NODE), "baseline", "enforces pod security 'privileged'"),
        (workload("agent", patches=[OPENED]), "restricted", "enforces pod security 'baseline'"),
        (workload("agent", patches=[OPENED]), "baseline", ""),
        (workload("agent", spec=ON_NODE, patches=[OPENED]), "baseline", ""),
    ],
)
def test_no_namespace_goes_below_the_pod_security_asked_for(child: Child, level: str, said: str) -> None:
    """Namespaces are restricted anyway; a port of the node or a patch that goes lower is refused, or noted."""
    told = problems(child, policy(pod_security=level, mode="deny"))

    assert [said in each for each in told] == ([True] if said else [])
    assert [said in each for each in notes(child, policy(pod_security=level))] == ([True] if said else [])
    assert problems(child, policy(pod_security=level)) == []


def test_the_place_in_the_file_is_told() -> None:
    """The patch where there is one, else the port."""
    strict = policy(pod_security="restricted", mode="deny")
    (patch,) = find_problems(catalog([workload("agent", spec=ON_NODE, patches=[OPENED]), strict]))
    (port,) = find_problems(catalog([workload("agent", spec=ON_NODE), strict]))

    assert patch.path[:2] == ("patches", 0)
    assert port.path == ("spec", "ports", 0, "host_port")


def test_tenants_are_held_to_it_and_what_is_lent_to_a_preview_is_not() -> None:
    """A tenant's child that does not fit is told; a child that a preview only uses is told where it runs."""
    small = policy(quota={"pods": 1}, mode="deny")
    excluded = policy(quota={"pods": 1}, mode="deny", excluded=["dev-store", "dev-other", "dev-web", "dev-cart"])
    of_tenants = find_problems(tenanted(tenant("acme"), children=(small,)))

    assert {each.hint.split("'")[1] for each in of_tenants} == {"dev-base", "dev-acme-shop", "dev-acme-store"}
    assert list(find_problems(shop(excluded))) == []
    with pytest.raises(CatalogError) as error:
        preview_of(shop(excluded, clusters={"name": "eu-1"}), "web")
    assert {each.hint.split("'")[1] for each in error.value.problems} == {"pr-12-web", "pr-12-cart"}
