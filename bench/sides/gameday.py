"""The sides of the game day: ten tenants of five children each, from nothing, by one `aoa fleet up`.

All at once; one after another; and all at once with one whose child never becomes ready: the nine others must succeed.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from appofapps.operations.fleet import PARALLEL
from appofapps.plan.tenancy import tenant_environment
from bench import catalog
from bench.measure import BenchError, Measured, run
from bench.stage import Stage

ENVIRONMENT: Final = "gameday"
TENANTS: Final = 10
CHILDREN: Final = 5
STACKS: Final = {name: tenant_environment(ENVIRONMENT, name) for name in map(catalog.tenant_name, range(TENANTS))}
SIDE_BY_SIDE: Final = PARALLEL
"""Stacks at a time: what `aoa fleet` takes by itself."""


def measure_at_once(stage: Stage) -> Mapping[str, Measured]:
    """Deploy all tenants side by side."""
    return {"tenants_at_once": _up(stage, SIDE_BY_SIDE)}


def measure_in_turn(stage: Stage) -> Mapping[str, Measured]:
    """Deploy one tenant after another."""
    return {"tenants_in_turn": _up(stage, 1)}


def measure_poisoned(stage: Stage) -> Mapping[str, Measured]:
    """Deploy all tenants side by side; the last has a child that never becomes ready."""
    return {"tenants_poisoned": _up(stage, SIDE_BY_SIDE, poisoned=True)}


def _up(stage: Stage, parallel: int, *, poisoned: bool = False) -> Measured:
    stage.link_program()
    catalog.write_tenants(stage.folder / "catalog", ENVIRONMENT, TENANTS, CHILDREN, poisoned=poisoned)
    for tenant, stack in STACKS.items():
        stage.write_stack(stack, ENVIRONMENT, tenant=tenant)
    answer = stage.folder / "report.json"
    line = ("aoa", "fleet", "up", "--env", ENVIRONMENT, "--all-tenants", "--parallel", str(parallel), "--yes", "--json")
    measured = run(stage.command("up", *line, answer=answer, ends_with=int(poisoned)))
    problem = verdict(json.loads(answer.read_text()), poisoned=poisoned)
    if problem:
        raise BenchError(f"{problem}; the report is {answer}")
    return measured


def verdict(report: Mapping[str, Any], *, poisoned: bool) -> str:
    """Say how a report is not what it has to be: every tenant done but the poisoned one, named with its child."""
    *sound, last = STACKS.values()
    failing = {last: f"{catalog.POISONED}@{catalog.CLUSTER}"} if poisoned else {}
    done = {each["stack"] for each in report["stacks"] if each["outcome"] == "done"}
    missing = {each["stack"]: each["what"] for each in report["missing"]}
    if done == {*sound, last} - failing.keys() and missing == failing:
        return ""
    return f"done are {', '.join(sorted(done)) or 'none'}, and missing {missing or 'nothing'}"
