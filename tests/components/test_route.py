"""Ways in from outside."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from appofapps.catalog.models.kinds import Child
from appofapps.catalog.problems import CatalogError
from tests.components.catalogs import child, cluster, plan
from tests.components.conftest import Deploy

TWO = (cluster("eu-1"), cluster("us-1", "us-east-1"))
PORT = {"ports": [{"port": 8080}]}
HOSTS = {"hosts": ["shop.example.org"]}


def route(*needs: str, **fields: Any) -> Child:
    """Return a route to `cart`, or to what its spec says."""
    return child("way", "route", **{"profile": HOSTS, "needs": list(needs or ("cart",)), **fields})


def awaited(inputs: dict[str, Any]) -> list[str]:
    """Return what an object waits for."""
    return json.loads(inputs["metadata"]["annotations"]["pulumi.com/waitFor"])


def test_a_minimal_route(deploy: Deploy) -> None:
    """One host, one backend: a gateway of its own, the route, and the leave to reach the backend's namespace."""
    engine = deploy(child("cart", spec=PORT), route())
    gateway, way, leave = (engine.named(f"way@eu-1/{each}").inputs for each in ("gateway", "route", "grant-cart"))

    assert gateway["spec"] == {
        "gatewayClassName": "public",
        "listeners": [
            {"name": "host-0", "hostname": "shop.example.org", "port": 80, "protocol": "HTTP",
             "allowedRoutes": {"namespaces": {"from": "Same"}}},
        ],
    }  # fmt: skip
    assert way["spec"] == {
        "parentRefs": [{"name": "dev-way"}],
        "hostnames": ["shop.example.org"],
        "rules": [
            {"matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
             "backendRefs": [{"name": "dev-cart", "namespace": "dev-cart", "port": 8080, "weight": 1}]},
        ],
    }  # fmt: skip
    assert leave["metadata"]["namespace"] == "dev-cart"
    assert leave["spec"] == {
        "from": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": "dev-way"}],
        "to": [{"group": "", "kind": "Service", "name": "dev-cart"}],
    }


def test_requests_are_shared_retried_and_given_up(deploy: Deploy) -> None:
    """Weights, timeout and retries of a rule; a renamed backend keeps its namespace."""
    rule = {
        "path": "/cart", "backends": [{"child": "cart", "weight": 9}, {"child": "cart-next"}], "timeout": "3s",
        "retries": {"attempts": 1, "backoff": "1s"},
    }  # fmt: skip
    old, new = child("cart", spec=PORT, moved_from="basket"), child("cart-next", spec=PORT)
    engine = deploy(old, new, route("cart", "cart-next", spec={"rules": [rule]}))
    made = engine.named("way@eu-1/route").inputs["spec"]["rules"][0]

    assert [(each["name"], each["weight"]) for each in made["backendRefs"]] == [("dev-basket", 9), ("dev-cart-next", 1)]
    assert made["timeouts"] == {"request": "3s"}
    assert made["retry"] == {"attempts": 1, "codes": [502, 503, 504], "backoff": "1s"}


def test_a_certificate_makes_it_https(deploy: Deploy) -> None:
    """With a secret the gateway listens on 443 and ends TLS."""
    engine = deploy(child("cart", spec=PORT), route(spec={"tls_secret": "shop-tls"}))
    listener = engine.named("way@eu-1/gateway").inputs["spec"]["listeners"][0]

    assert (listener["port"], listener["protocol"]) == (443, "HTTPS")
    assert listener["tls"] == {"mode": "Terminate", "certificateRefs": [{"name": "shop-tls"}]}


def test_it_is_ready_when_its_controller_says_so_of_this_version(deploy: Deploy) -> None:
    """An answer to an older generation of the route is none; dependents wait for the route."""
    engine = deploy(child("cart", spec=PORT), route(), child("web", needs=["way"]))
    way = engine.named("way@eu-1/route")

    current = "@.observedGeneration==$.metadata.generation"
    assert awaited(way.inputs) == [
        f'jsonpath={{.status.parents[0].conditions[?(@.type=="{name}" && {current})].status}}=True'
        for name in ("Accepted", "ResolvedRefs")
    ]
    assert way.depends_on >= {"way@eu-1/gateway", "way@eu-1/grant-cart"}
    assert way.timeouts["update"] == "120s"
    assert engine.named("web@eu-1/namespace").depends_on == {"way@eu-1/route"}


def test_backends_are_children_it_needs() -> None:
    """A backend outside of needs would get requests before it is ready."""
    with pytest.raises(ValidationError, match="not in needs: cart; add them"):
        route("orders")


def test_a_backend_needs_a_share() -> None:
    """A weight of nothing is refused; so is a backend that is there twice."""
    for backends in ([{"child": "cart", "weight": 0}], [{"child": "cart"}, {"child": "cart"}]):
        with pytest.raises(ValidationError, match=r"greater than or equal to 1|is a backend twice"):
            route(spec={"rules": [{"backends": backends}]})


def test_a_backend_can_be_reached() -> None:
    """A Service of its name has its port, in every cluster where the route is; the message says what has not."""
    with pytest.raises(CatalogError, match="'cart' opens no port"):
        plan(child("cart"), route())
    with pytest.raises(CatalogError, match="'cart' opens no port that 'way' could find; name a workload with ports"):
        plan(child("cart", "helm", spec={"ports": [{"port": 8080}]}), route())
    with pytest.raises(CatalogError, match="'cart' is not on us-1, where 'way' is; target the same clusters"):
        plan(child("cart", spec=PORT, target={"clusters": {"name": "eu-1"}}), route(), clusters=TWO)
