"""Failover and forgetting a cluster: what is refused, and that a refusal changes no file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from appofapps.catalog.models.parent import Record
from appofapps.catalog.problems import CatalogError
from appofapps.observe.world import World
from appofapps.operations.failover import Move, fail_back, failover
from appofapps.operations.fleet import Fleet
from appofapps.operations.fleet_report import FleetReport
from appofapps.operations.forget import forget
from appofapps.operations.refusal import RefusedError
from appofapps.operations.talk import Talk
from appofapps.plan.plan import Address
from tests.e2e.small_catalog import workload, write_catalog
from tests.operations.fakes import FakeWorld

RECORD = Record.model_validate({"reason": "eu-1 burns", "owner": "ada", "since": "2026-11-23"})
ENTRY = {"from": "eu-1", "to": "us-1", **RECORD.model_dump(mode="json")}
DATA = {"controller": "StatefulSet", "claims": [{"name": "data", "size": "1Gi"}]}
Refusals = tuple[str, ...]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Lay out a project with one stack over one cluster, and a child with data."""
    write_catalog(tmp_path / "catalog", "dev", [workload("cart"), workload("db", spec=DATA, data_replicas=["us-1"])])
    stack(tmp_path, clusters={"name": ["eu-1", "us-1"]})
    return tmp_path


def stack(project: Path, **settings: Any) -> None:
    """Write the target of the stack."""
    ours = {f"app-of-apps:{key}": value for key, value in {"environment": "dev", **settings}.items()}
    (project / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": ours}))


def world(**down: str) -> World:
    """Return a world in which some clusters are down."""
    return FakeWorld(down={name.replace("_", "-"): why for name, why in down.items()})  # type: ignore[return-value]


def move(project: Path, to: str, seen: World) -> None:
    """Fail eu-1 over."""
    failover(project, project / "catalog", Move("dev", "eu-1", to), RECORD, Talk(), seen)


def refusal(project: Path, act: Callable[[], object], error: type[Exception] = RefusedError) -> str:
    """Return why something is refused; no file of the catalog may have changed."""
    files = sorted((project / "catalog").rglob("*.yaml"))
    before = [file.read_bytes() for file in files]
    with pytest.raises(error) as refused:
        act()
    assert [file.read_bytes() for file in files] == before
    return refused.value.advice if isinstance(refused.value, RefusedError) else str(refused.value)


def test_an_unready_stand_in_is_refused(project: Path) -> None:
    """Children sent to where they cannot start would be nowhere."""
    said = refusal(project, lambda: move(project, "us-1", world(us_1="none of its 2 nodes is ready for pods")))
    assert said.startswith("us-1: not ready to stand in: none of its 2 nodes is ready for pods")


def test_data_without_a_replica_is_refused_with_the_line(project: Path) -> None:
    """The catalog itself says so, at the entry that would be written: a person who writes it by hand hears the same."""
    stack(project)
    said = refusal(project, lambda: move(project, "ap-1", world()), CatalogError)
    assert "dev.yaml:" in said
    assert "'db' keeps data in eu-1, and no replica of it is declared ready in ap-1" in said


def test_a_child_that_no_stack_would_run_is_refused(project: Path) -> None:
    """Else the catalog would be right, and the child nowhere."""
    stack(project, clusters={"name": "eu-1"})
    said = refusal(project, lambda: move(project, "us-1", world()))
    assert "cart@us-1: no stack of dev would run it" in said


def test_a_failover_that_failed_half_way_goes_on(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same command again writes no second entry, and deploys what had to move."""
    chosen: list[frozenset[Address]] = []

    def deployed(_: Fleet, addresses: frozenset[Address], talk: Talk) -> FleetReport:
        chosen.append(addresses)
        return FleetReport("up", "dev", ())

    monkeypatch.setattr("appofapps.operations.fleet.up_some", deployed)
    file = project / "catalog/environments/dev.yaml"
    move(project, "us-1", world())
    once = file.read_bytes()
    move(project, "us-1", world())

    assert file.read_bytes() == once
    assert chosen == [frozenset({Address("cart", "us-1"), Address("db", "us-1")})] * 2


def test_back_asks_for_the_data_too(project: Path) -> None:
    """What was written meanwhile is in the stand-in."""
    file = project / "catalog/environments/dev.yaml"
    file.write_text(file.read_text() + yaml.safe_dump({"failover": [ENTRY]}))
    said = refusal(project, lambda: fail_back(project, project / "catalog", "dev", "eu-1", Talk(), world()))
    assert said.startswith("db: keeps data, which is in us-1 now, and no replica of it is declared ready in eu-1")


def test_a_cluster_that_answers_is_not_forgotten(project: Path) -> None:
    """What is in it would be left behind, and nobody would know."""
    said = refusal(project, lambda: forget(project, project / "catalog", "eu-1", RECORD, world=world()))
    assert said.startswith("eu-1: the cluster answers")
