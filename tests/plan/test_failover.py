"""Failovers and lost clusters: where children run then, and what is refused."""

from typing import Any

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.models.kinds import CHILD, Child
from appofapps.catalog.models.parent import EnvironmentFile, StackTarget
from appofapps.plan.check import find_problems
from appofapps.plan.resolve import resolve
from tests.plan.catalogs import API, OWNER, catalog, cluster, environment, workload

RECORD = {"reason": "eu-1 burns", "owner": "ada", "since": "2026-11-23"}
CLUSTERS = (
    cluster("eu-1", tier="live"),
    cluster("us-1", region="us-east-1", tier="live"),
    cluster("ap-1", region="ap-southeast-2"),
)
DATA = {"spec": {"controller": "StatefulSet", "claims": [{"name": "data", "size": "1Gi"}]}}
EU = {"target": {"clusters": {"name": "eu-1"}}}


def files(*children: Child, failover: tuple[tuple[str, str], ...] = (), forgotten: tuple[str, ...] = ()) -> Catalog:
    """Return a catalog over the clusters `tier: live`, with failovers and lost clusters."""
    entries = [{"from": source, "to": to, **RECORD} for source, to in failover]
    live = environment("dev", tier="dev").model_dump(by_alias=True)
    dev = EnvironmentFile.model_validate({**live, "clusters": {"tier": "live"}, "failover": entries})
    lost: dict[str, Any] = {"forgotten": RECORD}
    clusters = [
        type(each).model_validate({**each.model_dump(by_alias=True), **lost}) if each.name in forgotten else each
        for each in CLUSTERS
    ]
    return catalog(children, clusters, [dev])


def where(catalog: Catalog, **target: Any) -> set[str]:
    """Return the addresses of the environment's plan, or of what a stack takes of it."""
    return {str(each) for each in resolve(catalog, StackTarget(environment="dev", **target)).by_address}


def problems(catalog: Catalog) -> list[str]:
    """Return what is said against a catalog."""
    return [problem.message for problem in find_problems(catalog)]


def function(name: str) -> Child:
    """Return a function."""
    spec = {"code": f"functions/{name}", "runtime": "python3.12", "handler": "a.b"}
    document = {"kind": "function", "name": name, "version": "1.0.0", "owner": OWNER, "profiles": {"dev": {}}}
    return CHILD.validate_python({**API, **document, "spec": spec})


def test_children_move_to_the_stand_in_once_and_functions_stay() -> None:
    """What ran in both stays in one, what needs it finds it there; a region is no cluster."""
    children = (workload("both"), workload("one", "both", **EU), function("fn"))
    plan = resolve(files(*children, failover=(("eu-1", "us-1"),)), StackTarget(environment="dev"))

    assert {str(each) for each in plan.by_address} == {"both@us-1", "one@us-1", "fn@eu-west-1", "fn@us-east-1"}
    assert [str(need) for child in plan.children for need in child.needs] == ["both@us-1"]
    assert {child.name for child in plan.children} == {"dev-both", "dev-one", "dev-fn"}


def test_the_stand_in_may_be_outside_the_environment() -> None:
    """A cluster kept for the purpose need not be one the environment selects."""
    moved = files(workload("both"), failover=(("eu-1", "ap-1"),))

    assert where(moved) == {"both@ap-1", "both@us-1"}
    assert where(moved, clusters={"name": "ap-1"}) == {"both@ap-1"}


def test_a_stack_may_be_left_empty() -> None:
    """The stack of the cluster that is stood in for has nothing to run, and is no mistake."""
    assert where(files(workload("both"), failover=(("eu-1", "us-1"),)), clusters={"name": "eu-1"}) == set()
    assert where(files(workload("both"), forgotten=("eu-1",)), clusters={"name": "eu-1"}) == set()


def test_a_forgotten_cluster_has_no_children() -> None:
    """Other clusters keep theirs; a failover saves those that ran nowhere else."""
    assert where(files(workload("both"), forgotten=("eu-1",))) == {"both@us-1"}
    assert where(files(workload("one", **EU), failover=(("eu-1", "us-1"),), forgotten=("eu-1",))) == {"one@us-1"}
    assert problems(files(workload("one", **EU), forgotten=("eu-1",))) == [
        "target.clusters: in dev it runs in eu-1 only, which is forgotten"
    ]


def test_data_moves_only_to_a_replica() -> None:
    """A StatefulSet with claims would start empty: its file has to declare that a replica is ready there."""
    move = (("eu-1", "us-1"),)
    said = "failover: 'db' keeps data in eu-1, and no replica of it is declared ready in us-1"

    assert problems(files(workload("db", **DATA), failover=move)) == [said]
    assert problems(files(workload("db", data_replicas=["ap-1"], **DATA), failover=move)) == [said]
    assert problems(files(workload("db", data_replicas=["us-1"], **DATA), failover=move)) == []


def test_a_failover_respects_where_data_may_be() -> None:
    """An emergency is no permission."""
    child = workload("cart", allowed_regions=["eu-west-1"], **EU)

    assert problems(files(child, failover=(("eu-1", "us-1"),))) == [
        "allowed_regions: eu-west-1, but dev places it in us-1 (us-east-1)"
    ]


def test_clusters_that_cannot_be_meant() -> None:
    """Unknown, of another environment, twice, in a row, or forgotten."""
    child = workload("cart")
    assert problems(files(child, failover=(("eu-1", "us-2"),))) == ["failover: to: 'us-2': no such cluster"]
    assert problems(files(child, failover=(("ap-1", "us-1"),))) == ["failover: from: 'ap-1' is no cluster of dev"]
    assert (
        problems(files(child, failover=(("eu-1", "us-1"), ("eu-1", "ap-1"))))
        == ["failover: from: 'eu-1' is failed over twice"] * 2
    )
    assert problems(files(child, failover=(("eu-1", "us-1"), ("us-1", "ap-1")))) == [
        "failover: to: 'us-1' is failed over itself"
    ]
    assert problems(files(child, failover=(("eu-1", "us-1"),), forgotten=("us-1",))) == [
        "failover: to: 'us-1' is forgotten", "target.clusters: in dev it runs in eu-1, us-1 only, which is forgotten"
    ]  # fmt: skip
    assert problems(files(workload("cart", data_replicas=["us-2"]))) == ["data_replicas: 'us-2': no such cluster"]
