"""What a service mesh asks of the traffic between children."""

import pytest
from pydantic import ValidationError

from tests.components.catalogs import child
from tests.components.conftest import Deploy

PORT = {"ports": [{"port": 8080}]}


def test_every_member_is_authenticated_and_has_a_breaker(deploy: Deploy) -> None:
    """Rules lie in the namespace of the child they are about: there the mesh looks for them. Nothing for others."""
    engine = deploy(
        child("cart", spec=PORT),
        child("orders", spec=PORT),
        child("net", "mesh", needs=["cart", "orders"], spec={"children": ["cart"]}),
    )
    mtls, breaker = (engine.named(f"net@eu-1/{each}-cart").inputs for each in ("mtls", "breaker"))

    assert mtls["metadata"]["namespace"] == breaker["metadata"]["namespace"] == "dev-cart"
    assert mtls["spec"] == {"mtls": {"mode": "STRICT"}}
    assert breaker["spec"] == {
        "host": "dev-cart.dev-cart.svc.cluster.local",
        "trafficPolicy": {
            "outlierDetection": {
                "consecutive5xxErrors": 5, "interval": "10s", "baseEjectionTime": "30s", "maxEjectionPercent": 50,
            },
        },
    }  # fmt: skip
    assert "net@eu-1/mtls-orders" not in engine.names()


def test_the_set_stands_when_all_of_it_does(deploy: Deploy) -> None:
    """Its own rule comes last and carries the version: it stands for the set."""
    engine = deploy(child("cart", spec=PORT), child("net", "mesh", needs=["cart"]), child("web", needs=["net"]))
    own = engine.named("net@eu-1/mtls")

    assert own.depends_on >= {"net@eu-1/mtls-cart", "net@eu-1/breaker-cart"}
    assert own.inputs["metadata"]["labels"]["app.kubernetes.io/version"] == "1.0.0"
    assert engine.named("web@eu-1/namespace").depends_on == {"net@eu-1/mtls"}


def test_members_are_children_it_needs() -> None:
    """Their namespaces must be there first."""
    with pytest.raises(ValidationError, match="not in needs: cart; add them"):
        child("net", "mesh")
