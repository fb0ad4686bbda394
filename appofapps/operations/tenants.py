"""Tenants: brought in by two kinds of file, listed, and retired."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.load import TENANTS, load
from appofapps.catalog.models.base import API_VERSION
from appofapps.catalog.stacks import PREFIX, stack_file
from appofapps.operations.absence import by_place, everything_of, left_in_time
from appofapps.operations.destroy import destroy
from appofapps.operations.edit import write
from appofapps.operations.interrupt import until_interrupted
from appofapps.operations.refusal import Refusal, RefusedError, refuse_any
from appofapps.operations.report import RunReport
from appofapps.operations.session import Project, Session, open_project
from appofapps.operations.talk import Talk
from appofapps.plan.budget import addresses
from appofapps.plan.check import check
from appofapps.plan.checks.partitions import check_partition
from appofapps.plan.plan import Plan
from appofapps.plan.resolve import resolve
from appofapps.plan.tenancy import share, tenant_environment


@dataclass(frozen=True, slots=True)
class TenantStack:
    """A stack of a tenant."""

    tenant: str
    stack: str
    plan: str
    ring: str
    """Empty: the versions everybody has."""
    places: tuple[str, ...]
    children: int
    """Over all places."""


@dataclass(frozen=True, slots=True)
class Retirement:
    """What became of a tenant."""

    tenant: str
    runs: tuple[RunReport, ...]
    left: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What still exists, by cluster or region."""
    removed: tuple[Path, ...] = ()
    """Its files, which are gone; none while anything is left."""

    @property
    def exit_code(self) -> int:
        """Return 0 when nothing is left."""
        return max([1 if self.left else 0, *(run.exit_code for run in self.runs)])


def add(project: Path, root: Path, tenant: Mapping[str, Any]) -> tuple[Path, ...]:
    """Write the file of a tenant and the settings of its stacks, one an environment; return their paths.

    `tenant` are the fields of its file; its owner is the parent's unless it says another. Raises CatalogError, and
    leaves nothing, where they do not make a tenant; RefusedError where one of the files is there.
    """
    catalog = load(root)
    document = {"owner": catalog.parent.owner.model_dump(), **tenant}
    texts = {root / TENANTS / f"{tenant['name']}.yaml": _tenant_file(document)}
    for environment in tenant["environments"]:
        stack = tenant_environment(environment, tenant["name"])
        texts[stack_file(project, stack)] = _settings(environment, tenant["name"])
    refuse_any(_taken(str(tenant["name"]), texts))
    write(root, texts, project)
    return tuple(texts)


def stacks(project: Path, root: Path) -> tuple[TenantStack, ...]:
    """Return the stacks of every tenant. Raises CatalogError."""
    opened = open_project(project, root)
    mine = {stack: target for stack, target in sorted(opened.stacks.items()) if target.tenant}
    # Once for all: to resolve a stack of the whole catalog checks the shares of all tenants.
    check(opened.catalog)
    check_partition(opened.catalog, mine, project)
    shares = {stack: share(opened.catalog, target) for stack, target in mine.items()}
    return tuple(_described(opened.catalog, stack, resolve(*own)) for stack, own in shares.items())


def remove(
    project: Path,
    root: Path,
    name: str,
    talk: Talk | None = None,
    *,
    delete_data: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> Retirement:
    """Delete everything of a tenant, make sure that it is gone, and only then remove its files.

    Raises RefusedError when there is no such tenant, when not all of its stacks are here, or when it keeps data that
    nobody has agreed to lose.
    """
    opened = open_project(project, root)
    names = _stacks_of(opened, name)
    sessions = [opened.session(stack) for stack in names]
    refuse_any(refusal for session in sessions if not delete_data for refusal in _data(session))
    before = [everything_of(session) for session in sessions]
    runs = tuple(until_interrupted(destroy(session, talk) for session in sessions))
    if any(run.exit_code for run in runs):
        return Retirement(name, runs)
    left = [left_in_time(each, sleep) for each in before]
    if any(left):
        return Retirement(name, runs, by_place(left))
    for session in sessions:
        session.engine.remove()
    files = (opened.catalog.tenant_files[name], *(stack_file(project, stack) for stack in names))
    for file in files:
        file.unlink()
    return Retirement(name, runs, removed=files)


def _stacks_of(project: Project, name: str) -> tuple[str, ...]:
    """Return the stacks of a tenant. Raises RefusedError where there is no such tenant, or a stack of it is missing."""
    tenants = project.catalog.tenants
    if name not in tenants:
        raise RefusedError([Refusal(name, "no such tenant", did_you_mean(name, tenants))])
    mine = {stack: target.environment for stack, target in project.stacks.items() if target.tenant == name}
    refuse_any(
        Refusal(name, f"no stack of it in {environment} is in {project.folder}",
                f"run it where {stack_file(Path(), tenant_environment(environment, name))} is")
        for environment in tenants[name].environments if environment not in mine.values()
    )  # fmt: skip
    return tuple(mine)


def _tenant_file(fields: Mapping[str, Any]) -> str:
    head = {"apiVersion": API_VERSION, "kind": "tenant"}
    return "# yaml-language-server: $schema=../schema.json\n" + yaml.safe_dump({**head, **fields}, sort_keys=False)


def _settings(environment: str, tenant: str) -> str:
    return yaml.safe_dump({"config": {f"{PREFIX}environment": environment, f"{PREFIX}tenant": tenant}})


def _taken(tenant: str, files: Mapping[Path, str]) -> Iterator[Refusal]:
    for file in files:
        if file.exists():
            yield Refusal(tenant, f"{file} is there already", "edit it, or choose another name")


def _described(catalog: Catalog, stack: str, plan: Plan) -> TenantStack:
    tenant = catalog.tenants[str(plan.environment.tenant)]
    ring = tenant.ring or catalog.tenant_plans[tenant.plan].ring or ""
    places = tuple(sorted({planned.place.name for planned in plan.children}))
    return TenantStack(tenant.name, stack, tenant.plan, ring, places, len(plan.children))


def _data(session: Session) -> Iterator[Refusal]:
    """Refuse to lose what its children keep: volumes, buckets, and whatever is to be retained."""
    for planned in session.plan.children:
        child = planned.child
        if child.keeps_data or child.deletion_policy != "delete":
            what = "keeps data" if child.keeps_data else f"has deletion_policy {child.deletion_policy}"
            yield Refusal(f"{planned.address} of {session.stack}", what, "save it, then add --delete-data")
    for address in sorted(session.engine.state().children() - addresses(session.plan)):
        what = "is deployed, and its plan does not know it: it may keep data"
        yield Refusal(f"{address} of {session.stack}", what, f"aoa up --stack {session.stack}, or add --delete-data")
