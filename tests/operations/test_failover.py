"""Failover and forgetting a cluster: what is refused, and that a refusal changes no file."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from appofapps.catalog.load import load
from appofapps.catalog.models.parent import Record
from appofapps.catalog.problems import CatalogError
from appofapps.cli.render_places import moved
from appofapps.observe.world import World
from appofapps.operations.failover import FailoverReport, Move, carry_out, plan_failover, plan_return
from appofapps.operations.fleet import Fleet
from appofapps.operations.fleet_report import FleetReport
from appofapps.operations.forget import forget
from appofapps.operations.refusal import RefusedError
from appofapps.operations.talk import Talk
from appofapps.operations.tenants import add
from appofapps.plan.plan import Address
from tests.e2e.small_catalog import API, workload, write_catalog
from tests.operations.fakes import FakeEngine, FakeWorld

RECORD = Record.model_validate({"reason": "eu-1 burns", "owner": "ada", "since": "2026-11-23"})
ENTRY = {"from": "eu-1", "to": "us-1", **RECORD.model_dump(mode="json")}
DATA = {"controller": "StatefulSet", "claims": [{"name": "data", "size": "1Gi"}]}
Refusals = tuple[str, ...]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Lay out a project with a stack a cluster, and a child with data."""
    write_catalog(tmp_path / "catalog", "dev", [workload("cart"), workload("db", spec=DATA, data_replicas=["us-1"])])
    for cluster in ("eu-1", "us-1"):
        stack(tmp_path, f"dev-{cluster}", clusters={"name": cluster})
    return tmp_path


def stack(project: Path, name: str, **settings: Any) -> None:
    """Write the target of a stack."""
    ours = {f"app-of-apps:{key}": value for key, value in {"environment": "dev", **settings}.items()}
    (project / f"Pulumi.{name}.yaml").write_text(yaml.safe_dump({"config": ours}))


def one_stack(project: Path, **settings: Any) -> None:
    """Replace the stacks by one."""
    for file in project.glob("Pulumi.*.yaml"):
        file.unlink()
    stack(project, "dev", **settings)


def world(**down: str) -> World:
    """Return a world in which some clusters are down."""
    return FakeWorld(down={name.replace("_", "-"): why for name, why in down.items()})  # type: ignore[return-value]


def move(project: Path, to: str, seen: World) -> FailoverReport:
    """Fail eu-1 over."""
    return carry_out(plan_failover(project, project / "catalog", Move("dev", "eu-1", to), RECORD, seen), Talk())


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
    (project / "Pulumi.dev-us-1.yaml").rename(project / "Pulumi.dev-ap-1.yaml")
    stack(project, "dev-ap-1", clusters={"name": "ap-1"})
    said = refusal(project, lambda: move(project, "ap-1", world()), CatalogError)
    assert "dev.yaml:" in said
    assert "'db' keeps data in eu-1, and no replica of it is declared ready in ap-1" in said


def test_a_child_that_no_stack_would_run_is_refused(project: Path) -> None:
    """Else the catalog would be right, and the child nowhere."""
    one_stack(project, clusters={"name": "eu-1"})
    said = refusal(project, lambda: move(project, "us-1", world()))
    assert "cart@us-1: no stack of dev would run it" in said


def test_one_stack_over_both_clusters_is_refused_with_the_way_out(project: Path) -> None:
    """The engine would say so in the middle; what it says to write and to type is what a person then does."""
    one_stack(project, clusters={"name": ["eu-1", "us-1"]})
    said = refusal(project, lambda: move(project, "us-1", world()))
    assert said.startswith("stack dev: runs both eu-1 and us-1")
    assert "aoa fleet up --env dev --confirm-deletions 2" in said

    written = said.partition("write `")[2].partition("`")[0]
    file = project / "catalog/environments/dev.yaml"
    file.write_text(f"{file.read_text()}{written}\n")
    assert load(project / "catalog").environments["dev"].failover[0].reason == "eu-1 burns"
    back = refusal(project, lambda: plan_return(project, project / "catalog", "dev", "eu-1", world()))
    assert "no replica of it is declared ready in eu-1" in back


def test_back_within_one_stack_is_refused_likewise(project: Path) -> None:
    """There the entry has to go."""
    one_stack(project, clusters={"name": ["eu-1", "us-1"]})
    write_catalog(project / "catalog", "dev", [workload("cart"), workload("db")])
    file = project / "catalog/environments/dev.yaml"
    file.write_text(file.read_text() + yaml.safe_dump({"failover": [ENTRY]}))
    said = refusal(project, lambda: plan_return(project, project / "catalog", "dev", "eu-1", world()))
    assert said.startswith("stack dev: runs both us-1 and eu-1")
    assert "take `failover` out of " in said


def test_a_failover_that_failed_half_way_goes_on(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same command again writes no second entry, and deploys what had to move."""
    chosen: list[frozenset[Address]] = []

    def deployed(_: Fleet, addresses: Iterable[Address], talk: Talk) -> FleetReport:
        chosen.append(frozenset(addresses))
        return FleetReport("up", "dev", ())

    monkeypatch.setattr("appofapps.operations.fleet.up_some", deployed)
    file = project / "catalog/environments/dev.yaml"
    move(project, "us-1", world())
    once = file.read_bytes()
    move(project, "us-1", world())

    assert file.read_bytes() == once
    assert chosen == [frozenset({Address("cart", "us-1"), Address("db", "us-1")})] * 2


def test_nothing_is_written_before_somebody_has_agreed(project: Path) -> None:
    """What would move is known, and the environment's file is as it was."""
    file = project / "catalog/environments/dev.yaml"
    before = file.read_bytes()
    planned = plan_failover(project, project / "catalog", Move("dev", "eu-1", "us-1"), RECORD, world())

    assert planned.arriving == (Address("cart", "us-1"), Address("db", "us-1"))
    assert "reason: eu-1 burns" in planned.text
    assert file.read_bytes() == before


def test_tenants_are_named_as_still_to_be_moved(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """Their stacks follow the same entry, but only when somebody runs them: the last line says how."""
    monkeypatch.setattr("appofapps.operations.fleet.up_some", lambda *_: FleetReport("up", "dev", ()))
    child = project / "catalog/apps/kiosk.yaml"
    child.write_text(yaml.safe_dump(workload("kiosk", per_tenant=True)))
    plan = project / "catalog/tenant-plans/small.yaml"
    plan.parent.mkdir()
    plan.write_text(yaml.safe_dump({**API, "kind": "tenant-plan", "name": "small", "children": ["kiosk"]}))
    tenant = {"name": "acme", "plan": "small", "admin_group": "acme-admins", "environments": ["dev"]}
    add(project, project / "catalog", tenant)

    moved(move(project, "us-1", world()))

    assert capsys.readouterr().out.splitlines()[-1] == (
        "1 stacks of tenants follow when they are run: `aoa fleet up --env dev --all-tenants`"
    )


def test_back_asks_for_the_data_too(project: Path) -> None:
    """What was written meanwhile is in the stand-in."""
    file = project / "catalog/environments/dev.yaml"
    file.write_text(file.read_text() + yaml.safe_dump({"failover": [ENTRY]}))
    said = refusal(project, lambda: plan_return(project, project / "catalog", "dev", "eu-1", world()))
    assert said.startswith("db: keeps data, which is in us-1 now, and no replica of it is declared ready in eu-1")


def test_a_cluster_that_answers_is_not_forgotten(project: Path) -> None:
    """What is in it would be left behind, and nobody would know."""
    said = refusal(project, lambda: forget(project, project / "catalog", "eu-1", RECORD, world=world()))
    assert said.startswith("eu-1: the cluster answers")


@pytest.mark.parametrize("why", ["answers 401 Unauthorized", "answers 403 Forbidden"])
def test_a_cluster_that_does_not_let_us_in_is_not_forgotten(project: Path, why: str) -> None:
    """Expired credentials are no flood: what is in it runs on."""
    said = refusal(project, lambda: forget(project, project / "catalog", "eu-1", RECORD, world=world(eu_1=why)))
    assert said == f"eu-1: it lives, and {why} (put the credentials of its context right, then look again)"


def test_a_cluster_whose_children_have_nowhere_to_run_is_refused_unasked(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the catalog would say to it is said before somebody is asked."""
    monkeypatch.setattr("appofapps.operations.session.Engine", lambda *_: FakeEngine())
    one_stack(project)

    def forget_it() -> None:
        gone = world(eu_1="does not answer")
        forget(project, project / "catalog", "eu-1", RECORD, confirm=lambda _: pytest.fail("asked"), world=gone)

    assert "runs in eu-1 only, which is forgotten" in refusal(project, forget_it, CatalogError)
