"""Overrides and regions: what differs from place to place, and where a child may not be."""

from dataclasses import replace

from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.models.workload import Workload, WorkloadProfile
from appofapps.plan.check import find_problems
from appofapps.plan.plan import Address, Plan
from appofapps.plan.resolve import resolve
from tests.plan.catalogs import catalog, cluster, workload

TWO = (cluster("eu-1", geography="eu"), cluster("us-1", region="us-east-1", geography="us"))
SIZE = {"replicas": 3, "resources": {"cpu": "1", "memory": "1Gi"}, "environment": {"A": "1", "B": "1"}}
IN_US = {"clusters": {"geography": "us"}, "profile": {"resources": {"cpu": "2"}, "environment": {"B": "2"}}}
LATER = {"clusters": {"region": "us-east-1"}, "profile": {"environment": {"C": "3"}}}


def planned(**fields: object) -> Plan:
    """Return the plan of one child in two clusters."""
    child = workload("cart", profiles={"dev": SIZE}, **fields)
    return resolve(catalog([child], TWO), StackTarget(environment="dev"))


def test_an_override_changes_what_it_says_where_it_says_so() -> None:
    """What is not written keeps the tier's value, down to a single field; other places keep everything."""
    plan = planned(overrides=[IN_US, LATER])
    eu, us = plan.by_address[Address("cart", "eu-1")], plan.by_address[Address("cart", "us-1")]

    assert isinstance(eu.child, Workload)
    assert isinstance(us.child, Workload)
    size = us.child.profiles["dev"]
    assert eu.child.profiles["dev"] == WorkloadProfile.model_validate(SIZE)
    assert (size.replicas, size.resources.cpu, size.resources.memory) == (3, "2", "1Gi")
    assert us.child.variables("dev") == {"A": "1", "B": "2", "C": "3"}


def test_two_children_may_not_meet_on_a_route_by_an_override() -> None:
    """What an override changes is claimed where it counts, and only there."""
    entry = {"ingress": {"host": "shop.example"}}
    other = workload("web", spec={"ingress": {"host": "web.example"}})
    there = {"clusters": {"name": "us-1"}, "profile": {"ingress_host": "web.example"}}
    clash = workload("cart", spec=entry, overrides=[there])

    said = [problem.message for problem in find_problems(catalog([other, clash], TWO))]

    assert said == ["route 'web.example/' (cluster us-1) is claimed by cart already"]


def test_the_parents_regions_hold_for_children_that_name_none() -> None:
    """A child's own list, the empty one included, goes over the parent's default."""
    plain, anywhere = workload("plain"), workload("anywhere", allowed_regions=[])
    files = catalog([plain, anywhere], TWO)
    defaults = files.parent.defaults.model_copy(update={"allowed_regions": ("eu-west-1",)})
    parent = files.parent.model_copy(update={"defaults": defaults})

    said = [(problem.file.stem, problem.message) for problem in find_problems(replace(files, parent=parent))]

    message = "allowed_regions (parent.yaml, defaults): eu-west-1, but dev places it in us-1 (us-east-1)"
    assert said == [("plain", message)]
