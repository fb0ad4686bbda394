"""`aoa release record`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from appofapps.cli import options

app = typer.Typer(no_args_is_help=True, help="Keep the releases that were good.", rich_markup_mode=None)


@app.callback()
def release() -> None:
    """Keep the releases that were good."""


@app.command()
def record(
    stack: Annotated[str, typer.Option("--stack", "-s", help="The children of this stack.")] = "",
    env: Annotated[str, typer.Option("--env", "-e", help="The children of all stacks of this environment.")] = "",
    catalog: options.Catalog = options.CATALOG,
    as_json: options.Json = False,
) -> int:
    """Keep what is deployed as its file says, and ready, as good: `aoa rollback` goes back to it.

    Writes to releases/ in the catalog, for you to commit. Exits 1 when a child is not good, and says why.
    """
    from appofapps.cli import render, render_release
    from appofapps.operations import record as records

    report = records.record(Path.cwd(), catalog, stack, env, datetime.now(UTC))
    render.print_report(report, render_release.recorded, as_json=as_json)
    return report.exit_code
