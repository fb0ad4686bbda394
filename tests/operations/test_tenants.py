"""The end of a tenant: nothing of it is lost, or forgotten, that nobody agreed to lose."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from appofapps.engine.results import Operation
from appofapps.operations.refusal import RefusedError
from appofapps.operations.tenants import Retirement, add, remove
from tests.e2e.small_catalog import API, workload, write_catalog
from tests.operations.fakes import FakeEngine, FakeWorld, change, result, state

GONE = result(change("kiosk@eu-1", Operation.DELETE))
Engines = dict[str, FakeEngine]


@pytest.fixture
def engines() -> Engines:
    """Return the engines of both stacks of tenant acme; each deletes its one child."""
    return {name: FakeEngine(now=state("kiosk@eu-1"), does=GONE, stack=name) for name in ("dev-acme", "qa-acme")}


@pytest.fixture
def retired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engines: Engines) -> Callable[..., Retirement]:
    """Lay out tenant acme in two environments, and return how it is retired, in a world in which it then is gone."""
    for environment in ("dev", "qa"):
        write_catalog(tmp_path / "catalog", environment, [workload("cart"), workload("kiosk", per_tenant=True)])
    plan = tmp_path / "catalog/tenant-plans/small.yaml"
    plan.parent.mkdir()
    plan.write_text(yaml.safe_dump({**API, "kind": "tenant-plan", "name": "small", "children": ["kiosk"]}))
    tenant = {"name": "acme", "plan": "small", "admin_group": "acme-admins", "environments": ["dev", "qa"]}
    add(tmp_path, tmp_path / "catalog", tenant)
    monkeypatch.setattr("appofapps.operations.session.Engine", lambda _, stack, __: engines[stack])
    monkeypatch.setattr("appofapps.operations.session.World", lambda: FakeWorld(left=()))

    def act(**options: Any) -> Retirement:
        return remove(tmp_path, tmp_path / "catalog", "acme", **options)

    return act


def test_its_files_go_when_nothing_is_left(retired: Callable[..., Retirement], engines: Engines) -> None:
    """Those of the tenant and of its stacks, which the backend forgets, too."""
    report = retired()
    assert sorted(file.name for file in report.removed) == ["Pulumi.dev-acme.yaml", "Pulumi.qa-acme.yaml", "acme.yaml"]
    assert not any(file.exists() for file in report.removed)
    assert all(engine.asked("remove") for engine in engines.values())


def test_an_interrupt_begins_no_other_stack(retired: Callable[..., Retirement], engines: Engines) -> None:
    """Whoever pressed Ctrl-C wants no further deletion; what was done is told, and the files stay."""
    engines["dev-acme"].does = result(interrupted=True)
    report = retired()
    assert [run.stack for run in report.runs] == ["dev-acme"]
    assert (report.removed, report.exit_code) == ((), 1)
    assert not engines["qa-acme"].asked("up")


def test_data_that_the_plan_does_not_know_is_not_lost(retired: Callable[..., Retirement], engines: Engines) -> None:
    """A child that left the tenant's plan, and is still deployed, goes along: somebody has to say so."""
    engines["dev-acme"].now = state("kiosk@eu-1", "store@eu-1")
    with pytest.raises(RefusedError, match="store@eu-1 of dev-acme: is deployed, and its plan does not know it"):
        retired()
    assert not engines["dev-acme"].asked("up")

    assert retired(delete_data=True).exit_code == 0


def test_where_a_stack_is_missing_nothing_is_removed(
    tmp_path: Path, retired: Callable[..., Retirement], engines: Engines
) -> None:
    """Its children would run on, and nobody would know whose they are."""
    (tmp_path / "Pulumi.qa-acme.yaml").unlink()
    with pytest.raises(RefusedError) as refused:
        retired()
    (refusal,) = refused.value.refusals
    assert refusal.message == f"no stack of it in qa is in {tmp_path}"
    assert refusal.hint == "run it where Pulumi.qa-acme.yaml is"
    assert (tmp_path / "catalog/tenants/acme.yaml").exists()
    assert not engines["dev-acme"].asked("up")
