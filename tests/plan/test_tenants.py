"""Tenants: each has children, names and room of its own, made of one catalog."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.models.previews import Previews
from appofapps.catalog.models.tenant import Tenant, TenantPlan
from appofapps.catalog.problems import CatalogError
from appofapps.plan.check import check
from appofapps.plan.partition import owners
from appofapps.plan.plan import Address, Plan
from appofapps.plan.resolve import resolve
from tests.plan.catalogs import API, OWNER, catalog, cluster, workload

HOST = {"ingress": {"host": "shop.example.org"}}
NEXT = {"early": {"version": "2.0.0", "spec": {"environment": {"NEW": "yes"}}}}


def on_plan(name: str = "small", *children: str, **fields: Any) -> TenantPlan:
    """Return a plan; by default with both children of `tenanted`."""
    document = {**API, "kind": "tenant-plan", "name": name, "children": list(children) or ["shop", "store"], **fields}
    return TenantPlan.model_validate(document)


def tenant(name: str, plan: str = "small", **fields: Any) -> Tenant:
    """Return a tenant in `dev`."""
    document = {**API, "kind": "tenant", "name": name, "plan": plan, "owner": OWNER, "admin_group": f"{name}-admins"}
    return Tenant.model_validate({**document, "environments": ["dev"], **fields})


def tenanted(*more: TenantPlan | Tenant, children: tuple[Child, ...] = ()) -> Catalog:
    """Return a catalog with a shared child, two for tenants, and these plans and tenants."""
    mine = (
        workload("base"),
        workload("store", per_tenant=True),
        workload("shop", "store", per_tenant=True, spec=HOST, rings=NEXT),
        *children,
    )
    plans = {each.name: each for each in (on_plan(), *more) if isinstance(each, TenantPlan)}
    tenants = {each.name: each for each in more if isinstance(each, Tenant)}
    return replace(
        catalog(mine, [cluster("eu-1"), cluster("us-1", "us-east-1")]),
        tenants=tenants,
        tenant_plans=plans,
        tenant_files={name: Path(f"{name}.yaml") for name in tenants},
        tenant_plan_files={name: Path(f"{name}.yaml") for name in plans},
    )


def of(everything: Catalog, name: str) -> Plan:
    """Plan the stack of a tenant."""
    return resolve(everything, StackTarget(environment="dev", tenant=name))


def test_a_tenant_has_the_children_of_its_plan_and_no_others() -> None:
    """The shared stack runs what is shared; a tenant's stack runs the plan's children under the tenant's names."""
    everything = tenanted(tenant("acme", clusters={"name": "eu-1"}))

    shared = resolve(everything, StackTarget(environment="dev"))
    mine = of(everything, "acme")

    assert {address.child for address in shared.by_address} == {"base"}
    assert {(p.address, p.name) for p in mine.children} == {
        (Address("store", "eu-1"), "dev-acme-store"),
        (Address("shop", "eu-1"), "dev-acme-shop"),
    }
    assert {p.labels["appofapps.dev/tenant"] for p in mine.children} == {"acme"}


def test_two_tenants_share_no_name_and_no_host() -> None:
    """What could exist once only carries the tenant's name; traffic goes to the tenant's own namespaces alone."""
    everything = tenanted(tenant("acme"), tenant("bolt"))

    acme, bolt = of(everything, "acme"), of(everything, "bolt")

    assert not {p.name for p in acme.children} & {p.name for p in bolt.children}
    shop = acme.by_address[Address("shop", "eu-1")]
    assert shop.child.ingress("dev").host == "acme.shop.example.org"  # type: ignore[union-attr]
    assert [peer.namespace for peer in shop.egress] == ["dev-acme-store"]


def test_a_ring_runs_another_release() -> None:
    """A tenant of a ring runs what the child names for it, the others what its file says."""
    everything = tenanted(on_plan("large", ring="early"), tenant("acme"), tenant("bolt", "large"))

    version = {name: of(everything, name).by_address[Address("shop", "eu-1")].child for name in ("acme", "bolt")}

    assert (version["acme"].version, version["bolt"].version) == ("1.0.0", "2.0.0")
    assert version["bolt"].variables("dev") == {"NEW": "yes"}


def test_quota_comes_from_the_plan_unless_the_tenant_has_its_own() -> None:
    """The room of a namespace is the plan's, the tenant's, or the child's, the closest first."""
    little, more = {"cpu": "1", "memory": "1Gi"}, {"cpu": "3", "memory": "1Gi"}
    everything = tenanted(on_plan("tiny", quota=little), tenant("acme", "tiny"), tenant("bolt", "tiny", quota=more))

    assert {p.quota.cpu for p in of(everything, "acme").children} == {"1"}
    assert {p.quota.cpu for p in of(everything, "bolt").children} == {"3"}


def test_tenants_take_no_part_in_the_division_of_an_environment() -> None:
    """A tenant's stack clashes with no other stack of the environment."""
    everything = tenanted(tenant("acme"))
    stacks = {"dev": StackTarget(environment="dev"), "dev-acme": StackTarget(environment="dev", tenant="acme")}

    assert set(owners(everything, stacks, "dev").values()) == {("dev",)}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ((tenant("acme", "smal"),), "plan 'smal': no such plan; did you mean 'small'"),
        ((tenant("acme", environments=["dve"]),), "environments: 'dve': no such environment"),
        ((on_plan("bad", "shop"),), "'shop' needs 'store', which the plan does not have"),
        ((on_plan("bad", "base"),), "'base' runs by itself, once for all"),
        ((on_plan("bad", "stroe"),), "'stroe': no such app; did you mean 'store'"),
        ((tenant("acme", clusters={"name": "ap-1"}),), "the selector matches no cluster"),
        ((tenant("acme", quota={"cpu": "10m", "memory": "8Mi"}),), "is over the quota of 10m"),
    ],
)
def test_what_does_not_fit(more: tuple[TenantPlan | Tenant, ...], message: str) -> None:
    """A tenant or a plan that cannot be what it says is refused, once, before anything runs."""
    with pytest.raises(CatalogError) as raised:
        check(tenanted(*more))

    told = [f"{problem.message}; {problem.hint}" for problem in raised.value.problems]
    assert any(message in each for each in told), told


def test_a_ring_that_is_no_release_of_its_child() -> None:
    """A ring's spec is checked like a child's, with the way to the mistake."""
    bad = workload("odd", per_tenant=True, rings={"early": {"version": "2.0.0", "spec": {"imag": "x"}}})
    everything = tenanted(on_plan("big", "odd", ring="early"), tenant("acme", "big"), children=(bad,))

    with pytest.raises(CatalogError) as raised:
        check(everything)

    assert [problem.path for problem in raised.value.problems] == [("rings", "early", "spec", "imag")]


def test_an_unknown_tenant_of_a_stack() -> None:
    """A stack of a tenant that is not there says so, with the closest name."""
    with pytest.raises(CatalogError) as raised:
        of(tenanted(tenant("acme")), "amce")

    assert "tenant 'amce': no such tenant" in raised.value.problems[0].message
    assert raised.value.problems[0].hint == "did you mean 'acme'?"


def test_tenants_and_previews_are_in_one_catalog() -> None:
    """The rules for previews are about the environment around: a tenant's own has none, and nothing is wrong."""
    document = {**API, "kind": "previews", "environment": "dev", "domain": "p.example.org", "shared": ["base"]}
    check(replace(tenanted(tenant("acme")), previews=Previews.model_validate(document)))
