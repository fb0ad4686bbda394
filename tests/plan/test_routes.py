"""Ways in from outside: no two children of a cluster take the same one."""

from typing import Any

import pytest

from appofapps.catalog.models.kinds import CHILD, Child
from appofapps.plan.check import find_problems
from tests.plan.catalogs import API, OWNER, catalog, workload

HOSTS = ["shop.example", "www.shop.example"]


def route(name: str, hosts: list[str], *paths: str) -> Child:
    """Return a route to `cart`."""
    rules = [{"path": path, "backends": [{"child": "cart"}]} for path in paths or ("/",)]
    document: dict[str, Any] = {
        **API, "kind": "route", "name": name, "version": "1.0.0", "owner": OWNER, "needs": ["cart"],
        "profiles": {"dev": {"hosts": hosts}}, "spec": {"gateway_class": "public", "rules": rules},
    }  # fmt: skip
    return CHILD.validate_python(document)


@pytest.mark.parametrize(
    ("other", "clash"),
    [
        (route("way", HOSTS[1:]), "www.shop.example/"),
        (route("way", ["else.example", HOSTS[1]]), "www.shop.example/"),
        (workload("way", spec={"ingress": {"host": HOSTS[1]}}), "www.shop.example/"),
    ],
)
def test_every_host_of_a_route_is_its_own(other: Child, clash: str) -> None:
    """Not the first alone: the second host of one is refused to others, be they routes or workloads."""
    said = [problem.message for problem in find_problems(catalog([workload("cart"), route("door", HOSTS), other]))]

    assert said == [f"route '{clash}' (cluster eu-1) is claimed by door already"]


def test_every_path_of_a_route_is_its_own() -> None:
    """Two routes may share a host, but not a path of it."""
    first = route("door", HOSTS[:1], "/", "/api")
    cart = workload("cart")

    assert not list(find_problems(catalog([cart, first, route("way", HOSTS[:1], "/images")])))
    said = [problem.message for problem in find_problems(catalog([cart, first, route("way", HOSTS[:1], "/api")]))]
    assert said == ["route 'shop.example/api' (cluster eu-1) is claimed by door already"]
