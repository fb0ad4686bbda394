"""`aoa validate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from appofapps.cli import options

if TYPE_CHECKING:
    from appofapps.catalog.locate import Found

WRONG_INPUT = 2


def validate(
    catalog: options.Catalog = options.CATALOG,
    project: Annotated[
        Path | None, typer.Option(help="The folder of Pulumi.<stack>.yaml.", show_default="around the catalog")
    ] = None,
    as_json: options.Json = False,
) -> int:
    """Check the whole catalog and the stacks' share of it; print every problem, with file and line. Touches nothing."""
    from appofapps.catalog.locate import locate_all
    from appofapps.cli import render
    from appofapps.plan.validation import validated

    checked = validated(catalog, project or catalog.resolve().parent)
    found, notes = locate_all(checked.problems), locate_all(checked.notes)
    if as_json:
        told = {"problems": [_document(each) for each in found], "notes": [_document(each) for each in notes]}
        render.print_json({**told, "children": checked.children})
    else:
        render.notes(map(str, notes))
        for each in found:
            print(each)
        counted = f"{len(found)} problem{'' if len(found) == 1 else 's'}" if found else "no problems"
        render.say(f"{catalog}: {checked.children} children, {checked.stacks} stacks, {counted}")
    return WRONG_INPUT if found else 0


def _document(found: "Found") -> dict[str, object]:
    from appofapps.catalog.explain import dotted
    from appofapps.catalog.locate import relative

    problem = found.problem
    return {
        "file": str(relative(problem.file)),
        "line": found.line,
        "path": dotted(problem.path),
        "message": problem.message,
        "hint": problem.hint,
    }
