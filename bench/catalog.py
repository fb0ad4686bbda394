"""The generated catalog: N alike workloads, one file each, as a team would write them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from appofapps.catalog.models.base import API_VERSION
from sandbox.stages import FATE

CLUSTER: Final = "bench"
SHARD: Final = "shard"
VERSION, NEXT_VERSION = "1.0.0", "1.0.1"
_IMAGE = "registry.example/bench/app"
POISONED: Final = "poisoned"
"""The child that never becomes ready, and the plan that has it."""
PATIENCE: Final = 20
"""Seconds that it gets."""


def write(
    folder: Path, children: int, environments: Mapping[str, str], shards: int = 1, *, needs: bool = False,
    per_tenant: bool = False,
) -> None:  # fmt: skip
    """Write a whole catalog; `environments` gives each environment its guard rails.

    Children carry the label `shard`, by which several stacks divide them. With `needs`, every child but the first
    needs one of lower number.
    """
    _write(folder / "parent.yaml", _parent())
    _write(folder / "clusters" / f"{CLUSTER}.yaml", _cluster())
    for name, guardrails in environments.items():
        _write(folder / "environments" / f"{name}.yaml", _environment(name, guardrails))
    for number in range(children):
        needed = [child_name(number // 2)] if needs and number else []
        mine = {"per_tenant": True} if per_tenant else {}
        _write(child_file(folder, number), {**_child(number, number % shards, needed), **mine})


def write_tenants(folder: Path, environment: str, tenants: int, children: int, *, poisoned: bool = False) -> None:
    """Write a catalog of tenants in one environment, with so many children each.

    If one is to be `poisoned`, it is the last, and the last of its children never becomes ready.
    """
    write(folder, children, {environment: "full"}, per_tenant=True)
    names = [child_name(number) for number in range(children)]
    _write(folder / "tenant-plans" / "sound.yaml", _plan("sound", names))
    if poisoned:
        _write(folder / "apps" / f"{POISONED}.yaml", {**_child(children, 0, ()), **_poison()})
        _write(folder / "tenant-plans" / f"{POISONED}.yaml", _plan(POISONED, [*names[:-1], POISONED]))
    for number in range(tenants):
        plan = POISONED if poisoned and number == tenants - 1 else "sound"
        _write(folder / "tenants" / f"{tenant_name(number)}.yaml", _tenant(number, plan, environment))


def tenant_name(number: int) -> str:
    """Name a tenant by its number."""
    return f"tenant{number}"


def child_name(number: int) -> str:
    """Name a child by its number."""
    return f"app-{number:05d}"


def child_file(folder: Path, number: int) -> Path:
    """Name the file of a child."""
    return folder / "apps" / f"{child_name(number)}.yaml"


def release(folder: Path, number: int) -> None:
    """Give one child its next version."""
    file = child_file(folder, number)
    file.write_text(file.read_text().replace(VERSION, NEXT_VERSION))


def _write(file: Path, document: Mapping[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.dump({"apiVersion": API_VERSION, **document}, Dumper=yaml.CSafeDumper, sort_keys=False))


def _owner() -> dict[str, str]:
    return {"team": "bench", "oncall": "bench-oncall", "runbook": "https://runbooks.example/bench"}


def _parent() -> dict[str, Any]:
    return {"kind": "parent", "name": "bench", "version": VERSION, "owner": _owner()}


def _cluster() -> dict[str, Any]:
    return {"kind": "cluster", "name": CLUSTER, "region": "eu-west-1"}


def _environment(name: str, guardrails: str) -> dict[str, Any]:
    return {
        "kind": "environment",
        "name": name,
        "tier": "dev",
        "clusters": {"name": CLUSTER},
        "aws_account": "123456789012",
        "guardrails": guardrails,
    }


def _child(number: int, shard: int, needs: Sequence[str]) -> dict[str, Any]:
    return {
        "name": child_name(number),
        "kind": "workload",
        "version": VERSION,
        "owner": _owner(),
        "labels": {SHARD: str(shard)},
        "needs": list(needs),
        "profiles": {"dev": {"replicas": 1, "resources": {"cpu": "10m", "memory": "16Mi"}}},
        "spec": {
            "image": f"{_IMAGE}:{VERSION}",
            "ports": [{"port": 8080}],
            "config": {"LOG_LEVEL": "info", "GREETING": f"hello from {number}"},
            "readiness": {"http": "/ready"},
        },
    }


def _poison() -> dict[str, Any]:
    template = {"metadata": {"annotations": {FATE: "never-ready"}}}
    patch = {"resource": "deployment", "merge": {"spec": {"template": template}}}
    return {"name": POISONED, "per_tenant": True, "deadline": PATIENCE, "patches": [patch]}


def _plan(name: str, children: Sequence[str]) -> dict[str, Any]:
    return {"kind": "tenant-plan", "name": name, "children": list(children)}


def _tenant(number: int, plan: str, environment: str) -> dict[str, Any]:
    name = tenant_name(number)
    return {
        "kind": "tenant",
        "name": name,
        "plan": plan,
        "owner": _owner(),
        "admin_group": f"{name}-admins",
        "environments": [environment],
    }
