"""One stack, opened: its plan, its engine, and the world it runs in."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.parent import StackTarget
from appofapps.engine.command import installed
from appofapps.engine.engine import Engine
from appofapps.observe.world import World
from appofapps.operations.refusal import Refusal, RefusedError
from appofapps.plan import conventions as c
from appofapps.plan import partition
from appofapps.plan.order import cycles
from appofapps.plan.plan import Address, Plan, PlannedChild
from appofapps.plan.resolve import resolve

Stacks = Mapping[str, StackTarget]


@dataclass(frozen=True, slots=True)
class Outside:
    """A need that another stack runs."""

    stack: str
    """Empty: no stack takes it."""
    planned: PlannedChild[Child] | None


@dataclass(frozen=True)
class Session:
    """A stack and all that a verb works on."""

    stack: str
    plan: Plan
    engine: Engine
    world: World
    catalog: Catalog
    stacks: Stacks

    @cached_property
    def outside(self) -> Mapping[Address, Outside]:
        """The needs of this stack's children that other stacks of the environment run."""
        wanted = {need for planned in self.plan.children for need in planned.outside_needs}
        if not wanted:
            return {}
        around = self.plan.environment.preview_of or self.plan.environment.name
        owned = partition.owners(self.catalog, self.stacks, around)
        owners = {need: next(iter(owned.get(need, ())), "") for need in wanted}
        plans = {stack: resolve(self.catalog, self.stacks[stack]) for stack in set(owners.values()) if stack}
        return {
            need: Outside(stack, plans[stack].by_address[need] if stack else None) for need, stack in owners.items()
        }


@dataclass(frozen=True, slots=True)
class Project:
    """A folder of stacks, and the catalog they share."""

    folder: Path
    catalog: Catalog
    stacks: Stacks

    def session(self, stack: str, *, confirm_deletions: int = 0, part: bool = False) -> Session:
        """Resolve one stack; a run of a `part` of it is not recorded as its deployment.

        Raises CatalogError when the catalog or the stack's target is wrong, RefusedError when there is no such stack.
        """
        plan = resolve(self.catalog, target(self.stacks, stack, self.folder))
        environment = {c.VARIABLE_CATALOG: str(self.catalog.root.resolve())}
        if confirm_deletions:
            environment[c.VARIABLE_CONFIRM_DELETIONS] = str(confirm_deletions)
        if part:
            environment[c.VARIABLE_PART] = "true"
        return Session(stack, plan, Engine(self.folder, stack, environment), World(), self.catalog, self.stacks)


def open_project(folder: Path, root: Path) -> Project:
    """Load the catalog and the targets of all stacks of a project; raises CatalogError."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(installed)  # a process, to wait for while the catalog is read; what it says is the engine's to tell
        return Project(folder, *load_project(folder, root))


def open_session(
    project: Path, stack: str, root: Path, confirm_deletions: int = 0, only: Iterable[str] = ()
) -> Session:
    """Load and resolve one stack of a project, to run all of it or `only` some children; raises as its parts do."""
    opened = open_project(project, root)
    return opened.session(stack, confirm_deletions=confirm_deletions, part=any(only))


def target(stacks: Stacks, stack: str, project: Path) -> StackTarget:
    """Return the target of a stack; raises RefusedError when there is no such stack."""
    if stack in stacks:
        return stacks[stack]
    known = ", ".join(sorted(stacks)) or "none"
    hint = f"stacks here: {known}; a new one is a file Pulumi.{stack}.yaml"
    raise RefusedError([Refusal(stack, f"there is no Pulumi.{stack}.yaml in {project}", hint)])


def load_project(project: Path, root: Path) -> tuple[Catalog, Stacks]:
    """Load the catalog and the targets of all stacks of a project; raises CatalogError."""
    from appofapps.catalog.load import load  # noqa: PLC0415
    from appofapps.catalog.stacks import load_stacks  # noqa: PLC0415

    return load(root), load_stacks(project)


def stack_needs(catalog: Catalog, stacks: Stacks, environment: str) -> Mapping[str, frozenset[str]]:
    """Return the stacks of an environment, each with those it needs.

    Raises RefusedError when they need each other in a circle, or when there are none.
    """
    ours = {name: target for name, target in stacks.items() if target.environment == environment and not target.preview}
    if not ours:
        hint = "write one: Pulumi.<stack>.yaml with app-of-apps:environment: " + environment
        raise RefusedError([Refusal(environment, "no stack runs this environment", hint)])
    needs = partition.stack_needs(catalog, partition.owners(catalog, ours, environment), environment)
    everything = {name: needs.get(name, frozenset()) for name in ours}
    circles = cycles(everything)
    if circles:
        hint = "move children between the stacks' `select` and `clusters` until one can go first"
        paths = (" -> ".join(circle) for circle in circles)
        raise RefusedError(Refusal(environment, f"the stacks need each other: {path}", hint) for path in paths)
    return everything
