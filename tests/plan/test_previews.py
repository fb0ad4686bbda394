"""Previews: what a pull request changes and needs, in an environment of its own, within the rules."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.models.previews import Preview, Previews
from appofapps.catalog.problems import CatalogError
from appofapps.plan.digest import digest
from appofapps.plan.plan import Address, Peer, Plan
from appofapps.plan.resolve import resolve
from tests.components.catalogs import child as a_child
from tests.plan.catalogs import API, DIGEST, catalog, cluster, environment, workload

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOST = {"ingress": {"host": "shop.example.org", "tls_secret": "shop-tls"}}
SECRET = [{"variable": "TOKEN", "secret_key": {"name": "token", "key": "token"}}]


def rules(**fields: Any) -> Previews:
    """Return rules for previews of `dev`, which shares its store."""
    document = {**API, "kind": "previews", "environment": "dev", "domain": "previews.example.org", "shared": ["store"]}
    return Previews.model_validate({**document, **fields})


def shop(*children: Child, **fields: Any) -> Catalog:
    """Return a catalog of web, cart, store and another, each needing the next, with rules for previews."""
    mine = (workload("web", "cart", spec=HOST), workload("cart", "store"), workload("store"), workload("other"))
    everything = catalog([*mine, *children], [cluster("eu-1"), cluster("us-1", "us-east-1")], [environment("dev")])
    return replace(everything, previews=rules(**fields))


def preview(*children: str, **fields: Any) -> Preview:
    """Return the record of a preview of `dev`."""
    document = {"environment": "dev", "pr": 12, "ref": "abcdef0123", "children": children, "created": NOW}
    return Preview.model_validate({**document, "expires": NOW, **fields})


def of(everything: Catalog, *children: str, **fields: Any) -> Plan:
    """Plan a preview."""
    return resolve(everything, StackTarget(environment="dev", preview=preview(*children, **fields)))


def test_it_has_what_is_under_change_and_what_that_needs() -> None:
    """Needs come along under names of the preview's own; what is shared stays where it is, and is a need outside."""
    plan = of(shop(clusters={"name": "eu-1"}), "web")

    assert {(p.address, p.name) for p in plan.children} == {
        (Address("cart", "eu-1"), "pr-12-cart"),
        (Address("web", "eu-1"), "pr-12-web"),
    }
    cart = plan.by_address[Address("cart", "eu-1")]
    assert cart.outside_needs == (Address("store", "eu-1"),)
    assert [peer.namespace for peer in cart.egress] == ["dev-store"]
    assert cart.child.variables("dev")["STORE_HOST"] == "dev-store.dev-store.svc.cluster.local"
    web = plan.by_address[Address("web", "eu-1")]
    assert web.child.variables("dev")["CART_HOST"] == "pr-12-cart.pr-12-cart.svc.cluster.local"
    assert web.labels["appofapps.dev/preview-of"] == "dev"


def test_what_is_shared_lets_all_previews_in_and_nothing_else_does() -> None:
    """The environment opens the shared child to namespaces of its previews, and no other child."""
    plan = resolve(shop(), StackTarget(environment="dev"))

    of_previews = Peer("", ((8080, "TCP"),), labels={"appofapps.dev/preview-of": "dev"})
    assert {p.child.name for p in plan.children if of_previews in p.ingress} == {"store"}


def test_what_is_under_change_is_deployed_though_it_is_shared() -> None:
    """A change of a shared child is to be seen: it runs in the preview, and the others there use that one."""
    plan = of(shop(), "web", "store")

    cart = plan.by_address[Address("cart", "eu-1")]
    assert cart.needs == (Address("store", "eu-1"),)
    assert [peer.namespace for peer in cart.egress] == ["pr-12-store"]


def test_a_parameter_is_where_its_child_is() -> None:
    """That of a child in the preview is the preview's own, that of a shared one is the environment's."""
    identity = [{"actions": ["ssm:GetParameter"], "resources": ["parameter:rates/latest", "parameter:store/latest"]}]
    plan = of(shop(a_child("rates", "function", cloud_identity=identity)), "rates")

    rates = plan.by_address[Address("rates", "eu-west-1")]
    assert rates.physical_names == {"rates": "pr-12-rates", "store": "dev-store"}


def test_an_override_for_another_environments_clusters_is_none_of_its_business() -> None:
    """The catalog around is right: there is a place that the override is for, only not in previews."""
    override = {"clusters": {"name": "us-1"}, "profile": {"replicas": 2}}
    web = of(shop(workload("api", overrides=[override]), clusters={"name": "eu-1"}), "api")

    assert [planned.address for planned in web.children] == [Address("api", "eu-1")]


def test_it_has_hosts_of_its_own() -> None:
    """Each host is one label below the domain, without the certificate of the real one."""
    ingress = of(shop(), "web", repository="acme/shop").by_address[Address("web", "eu-1")].child.ingress("dev")

    assert ingress is not None
    assert (ingress.host, ingress.tls_secret) == ("web-pr-shop-12.previews.example.org", None)


def test_an_image_of_the_pull_request_is_no_release() -> None:
    """Its version says which pull request and commit it is; the others run what the catalog says."""
    image = f"registry.example/cart:pr@{DIGEST}"

    plan = of(shop(), "web", "cart", images={"cart": image})

    cart, web = (plan.by_address[Address(name, "eu-1")].child for name in ("cart", "web"))
    assert (cart.version, cart.pods.image) == ("1.0.0+pr12.abcdef0", image)  # type: ignore[union-attr]
    assert web.version == "1.0.0"


def test_nothing_of_it_is_kept_or_held() -> None:
    """A pause, a pin, a deletion policy of the catalog are about the real thing."""
    paused = {"reason": "x", "owner": "y", "until": "2026-02-01"}
    kept = workload("kept", deletion_policy="retain", paused=paused)

    child = of(shop(kept), "kept").by_address[Address("kept", "eu-1")].child

    assert (child.paused, child.deletion_policy) == (None, "delete")


def test_another_expiry_is_another_plan() -> None:
    """The stack records when it expires: an `up` that changes nothing else still has to write that."""
    later = datetime(2026, 2, 1, tzinfo=UTC)

    assert digest(of(shop(), "web")) != digest(of(shop(), "web", expires=later))


TOO_MUCH = {"cpu": "50m", "memory": "1Gi", "pods": 20}


@pytest.mark.parametrize(
    ("children", "fields", "changed", "message"),
    [
        (["wbe"], {}, {}, "children: 'wbe': no such app in dev; did you mean 'web'"),
        (["web"], {"images": {"cart": f"x@{DIGEST}"}}, {}, "image: 'cart' is not under change"),
        (["web"], {"images": {"web": f"X X@{DIGEST}"}}, {}, ""),
        (["web"], {}, {"quota": TOO_MUCH}, "cpu, of 50m allowed"),
        (["web"], {}, {"shared": ["stroe"]}, "shared: 'stroe': no such app in dev; did you mean 'store'"),
        (["web"], {}, {"environment": "dve"}, "environment 'dve': no such environment; did you mean 'dev'"),
        (["web"], {"fork": True}, {}, "pull requests from forks get no preview"),
        (["keeper"], {"fork": True}, {"forks": True}, "would hold 'keeper', which has secret TOKEN"),
        (["agent"], {}, {}, "cannot be in dev and in a preview: it has port 9000 of its nodes"),
        (["mesh"], {}, {}, "cannot be in dev and in a preview: it has rules for the namespaces of others"),
    ],
)
def test_what_is_refused(children: list[str], fields: dict[str, Any], changed: dict[str, Any], message: str) -> None:
    """What the rules do not allow, or nobody knows, is told before anything runs."""
    keeper = workload("keeper", secrets=SECRET)
    agent = workload("agent", spec={"ports": [{"port": 9000, "host_port": 9000}]})
    mesh = a_child("mesh", "mesh", needs=["store"], spec={"children": ["store"]})
    if not message:
        with pytest.raises(ValueError, match="images"):
            preview(*children, **fields)
        return

    with pytest.raises(CatalogError) as raised:
        of(shop(keeper, agent, mesh, **changed), *children, **fields)

    told = [f"{problem.message}; {problem.hint}" for problem in raised.value.problems]
    assert any(message in each for each in told), told


def test_a_fork_may_have_what_holds_no_credentials() -> None:
    """With the rules' consent, and only children that are trusted with nothing."""
    assert of(shop(forks=True), "web", fork=True).children
