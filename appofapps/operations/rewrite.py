"""Edits of catalog files by `aoa`: comments and order are kept, and a catalog that would be wrong stays as it was."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from appofapps.catalog.locate import locate
from appofapps.catalog.problems import CatalogError
from appofapps.operations.session import Project, open_project
from appofapps.plan.check import check
from appofapps.plan.checks.partitions import check_partition

Document = dict[str, Any]
"""The mapping of a file; what is done to it is done to the file."""


def _fine(_: Project) -> None:
    """Have nothing against it."""


def rewrite(
    project: Project, file: Path, change: Callable[[Document], None], guard: Callable[[Project], None] = _fine
) -> Project:
    """Change one file of a catalog, and return the project as it is then.

    Raises CatalogError, with the lines of the changed file, when the catalog would be wrong, and what `guard` raises:
    then nothing is changed.
    """
    before = file.read_bytes()
    edit(file, change)
    try:
        after = open_project(project.folder, project.catalog.root)
        check(after.catalog)
        check_partition(after.catalog, after.stacks, after.folder)
        guard(after)
    except CatalogError as error:
        problems = [replace(problem, line=locate(problem).line) for problem in error.problems]
        file.write_bytes(before)
        raise CatalogError(problems) from None
    except BaseException:
        file.write_bytes(before)
        raise
    return after


def edit(file: Path, change: Callable[[Document], None]) -> None:
    """Change a YAML file and keep its comments, its order and its style."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096  # long lines stay as long as they are
    yaml.brace_single_entry_mapping_in_flow_sequence = True  # [{port: 80}] is not [port: 80] to most readers
    text = file.read_text(encoding="utf-8")
    flush = re.search(r"^( *)[^\s#-].*:\n\1- ", text, re.MULTILINE)  # the dashes of a list stand under its key
    yaml.indent(mapping=2, sequence=2 if flush else 4, offset=0 if flush else 2)
    document = yaml.load(text)
    change(document)
    with file.open("w", encoding="utf-8") as out:
        yaml.dump(document, out)
