"""Partitions: the stacks of an environment share its children out, and can be run one after the other."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.problems import CatalogError, Problem
from appofapps.catalog.stacks import stack_file
from appofapps.plan import conventions as c
from appofapps.plan.checks.survey import Survey
from appofapps.plan.checks.target import config_path, target_problems
from appofapps.plan.order import cycles
from appofapps.plan.partition import Owners, owners, stack_needs
from appofapps.plan.place import needed_by_all, place_all
from appofapps.plan.plan import Address

Stacks = Mapping[str, StackTarget]


def check_partition(catalog: Catalog, stacks: Stacks, project: Path | None = None) -> None:
    """Raise CatalogError with everything that is wrong between the stacks of a project; see `partition_problems`."""
    problems = tuple(partition_problems(catalog, stacks, project))
    if problems:
        raise CatalogError(problems)


def partition_problems(catalog: Catalog, stacks: Stacks, project: Path | None = None) -> Iterator[Problem]:
    """Yield stacks that take nothing, children that two stacks take, and stacks that wait for each other.

    `project` is the folder of the stacks' files, by default the one around the catalog.
    """
    survey, folder = Survey(catalog), project or catalog.root.parent
    for stack, target in stacks.items():
        yield from target_problems(survey, target, stack_file(folder, stack))
    for environment in survey.placed:
        owned = owners(catalog, stacks, environment)
        yield from _clashes(owned, environment, folder)
        yield from _circles(catalog, owned, environment, folder)


def _clashes(owned: Owners, environment: str, folder: Path) -> Iterator[Problem]:
    shared: defaultdict[tuple[str, ...], list[Address]] = defaultdict(list)
    for address, names in owned.items():
        if len(names) > 1:
            shared[names].append(address)
    for names, addresses in shared.items():
        message = f"stacks {' and '.join(names)} both take {_some(addresses)} of environment {environment}"
        hint = f"keep them apart by {c.PROJECT}:{c.CONFIG_CLUSTERS} or {c.PROJECT}:{c.CONFIG_SELECT}"
        yield Problem(stack_file(folder, names[-1]), config_path(c.CONFIG_ENVIRONMENT), message, hint)


def _circles(catalog: Catalog, owned: Owners, environment: str, folder: Path) -> Iterator[Problem]:
    for circle in cycles(stack_needs(catalog, owned, environment)):
        because = (_reason(catalog, owned, environment, *edge) for edge in pairwise(circle))
        message = f"stacks wait for each other: {' -> '.join(circle)}, because {', '.join(because)}"
        hint = "move children between the stacks until one can go first"
        yield Problem(stack_file(folder, circle[0]), config_path(c.CONFIG_SELECT), message, hint)


def _reason(catalog: Catalog, owned: Owners, environment: str, waiting: str, first: str) -> str:
    """Return a need that makes one stack wait for another."""
    needed = needed_by_all(catalog, place_all(catalog, catalog.environments[environment]))
    return next(
        f"{address} needs {need}"
        for address, needs in sorted(needed.items())
        if waiting in owned[address]
        for need in needs
        if first in owned[need]
    )


def _some(addresses: list[Address], limit: int = 5) -> str:
    rest = len(addresses) - limit
    return ", ".join(map(str, sorted(addresses)[:limit])) + (f" and {rest} more" if rest > 0 else "")
