"""Checks over the whole: what the table of bad catalogs cannot show by changing one line."""

import pytest

from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.problems import CatalogError
from appofapps.plan.check import check, find_problems
from appofapps.plan.resolve import resolve
from tests.plan.catalogs import catalog, cluster, environment, workload


def messages(*children: object, **others: object) -> list[str]:
    """Return what is said of a catalog of these children."""
    return [problem.message for problem in find_problems(catalog(children, **others))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("controller", "profile", "fits"),
    [
        ("Deployment", {"replicas": 4}, True),
        ("Deployment", {"replicas": 5}, False),
        ("Deployment", {"replicas": 0}, True),
        ("StatefulSet", {"replicas": 5}, True),
        ("StatefulSet", {"replicas": 6}, False),
        ("DaemonSet", {"replicas": 9}, True),
        ("Deployment", {"autoscaling": {"minimum": 1, "maximum": 4}}, True),
        ("Deployment", {"autoscaling": {"minimum": 1, "maximum": 5}}, False),
    ],
)
def test_the_quota_holds_the_largest_child_while_it_is_replaced(
    controller: str, profile: dict[str, object], fits: bool
) -> None:
    """The most replicas count, and one more for a Deployment, which starts new pods before it ends old ones."""
    sized = {**profile, "resources": {"cpu": "1", "memory": "1Mi"}}
    child = workload("cart", spec={"controller": controller}, profiles={"dev": sized}, quota={"cpu": "5"})

    assert (messages(child) == []) is fits


def test_an_init_container_counts_only_when_it_is_the_largest() -> None:
    """Init containers run before the others, so that the pod requests the larger of the two sums."""
    boxes = {"init_containers": [{"name": "init", "image": "a/b:1", "resources": {"cpu": "3"}}]}
    child = workload("cart", spec=boxes, profiles={"dev": {"resources": {"cpu": "1"}}}, quota={"cpu": "5"})

    assert messages(child) == ["profiles.dev: 2 x 3000m cpu is over the quota of 5"]


def test_sidecars_run_beside_init_containers() -> None:
    """They start first and stay, so that they add to whichever is the larger."""
    init, beside = ({"name": name, "image": "a/b:1", "resources": {"cpu": "2"}} for name in ("init", "proxy"))
    boxes = {"init_containers": [init], "sidecars": [beside]}
    child = workload("cart", spec=boxes, profiles={"dev": {"resources": {"cpu": "1"}}}, quota={"cpu": "7"})

    assert messages(child) == ["profiles.dev: 2 x 4000m cpu is over the quota of 7"]


def test_names_that_are_cut_do_not_clash() -> None:
    """Two long names that begin alike stay two."""
    long = environment("e" * 40)

    assert messages(workload("a" * 39 + "b"), workload("a" * 39 + "c"), environments=[long]) == []


def test_a_child_in_two_clusters_of_a_region_has_two_roles() -> None:
    """Roles are global in an account: they are named by place, so that a child clashes with itself nowhere."""
    issued = [cluster(name).model_copy(update={"oidc_issuer": "oidc.example"}) for name in ("eu-1", "eu-2")]
    child = workload("cart", cloud_identity=[{"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::x/*"]}])

    assert messages(child, clusters=issued) == []


def test_one_child_may_have_its_host_port_in_several_environments() -> None:
    """A claim is a child's: that two environments share a cluster is no clash with itself."""
    child = workload("agent", spec={"ports": [{"port": 80, "host_port": 9100}], "ingress": {"host": "a.example.com"}})

    assert messages(child, environments=[environment("dev"), environment("staging", "staging")]) == []


def test_a_contract_must_be_provided_where_it_is_consumed() -> None:
    """A provider that another environment has is no provider here."""
    provider = workload(
        "orders",
        provides=[{"contract": "orders-api", "version": "1.0.0"}],
        target={"environments": ["dev"]},
    )
    consumer = workload("cart", consumes=[{"contract": "orders-api", "version": ">=1"}])
    two = [environment("dev"), environment("staging", "staging")]

    assert messages(provider, consumer, environments=two) == [
        "consumes 'orders-api', but orders is not deployed in staging"
    ]


def test_every_cycle_is_told_once_with_its_path() -> None:
    """Two circles are two problems, each from its first name in the alphabet back to it."""
    told = messages(workload("b", "a"), workload("a", "b"), workload("z", "x"), workload("x", "y"), workload("y", "z"))

    assert told == ["dependency cycle: a -> b -> a", "dependency cycle: x -> y -> z -> x"]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (StackTarget(environment="dve"), "no such environment; did you mean 'dev'?"),
        (StackTarget(environment="dev", clusters={"name": "us-1"}), "matches no cluster of dev; there is: eu-1"),
        (StackTarget(environment="dev", select={"name": "crat"}), "matches no child of dev"),
    ],
)
def test_a_target_that_takes_nothing_is_refused(target: StackTarget, message: str) -> None:
    """A stack whose target is wrong is refused before anything is planned."""
    with pytest.raises(CatalogError, match=message.replace("?", r"\?")):
        resolve(catalog([workload("cart")]), target)


def test_a_good_catalog_passes() -> None:
    """Nothing is said where nothing is wrong."""
    check(catalog([workload("orders"), workload("cart", "orders")]), StackTarget(environment="dev"))
