"""Everything that is wrong with a catalog and the stacks that share it, in one go."""

from dataclasses import dataclass
from pathlib import Path

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.collection import collection_paused
from appofapps.catalog.load import read
from appofapps.catalog.problems import CatalogError, Problem
from appofapps.catalog.stacks import load_stacks
from appofapps.plan.check import find_notes, find_problems
from appofapps.plan.checks.partitions import partition_problems


@dataclass(frozen=True, slots=True)
class Validation:
    """What was looked at, and what is wrong with it."""

    problems: tuple[Problem, ...]
    children: int
    """Those whose files are right by themselves."""
    stacks: int
    notes: tuple[Problem, ...] = ()
    """What is no problem yet; looked for when there is none."""


@collection_paused()
def validated(root: Path, project: Path) -> Validation:
    """Return every problem of a catalog and of the stack files of a project.

    Files that do not load take no part in the checks over the whole; the stacks' shares are checked last, when
    needs have no circle and every file has loaded: before that, they would only repeat what is known.
    """
    reading = read(root)
    problems = [*reading.problems, *(find_problems(reading.catalog) if reading.catalog else ())]
    try:
        stacks = load_stacks(project)
    except CatalogError as error:
        return Validation((*problems, *error.problems), _children(reading.catalog), 0)
    if reading.catalog and not problems:
        problems += partition_problems(reading.catalog, stacks, project)
    notes = tuple(find_notes(reading.catalog)) if reading.catalog and not problems else ()
    return Validation(tuple(problems), _children(reading.catalog), len(stacks), notes)


def _children(catalog: Catalog | None) -> int:
    return len(catalog.children) if catalog else 0
