"""`aoa rollback`."""

from typing import Annotated

import typer

from appofapps.cli import options


def rollback(
    child: options.Child,
    to: Annotated[str, typer.Option("--to", metavar="VERSION", help="This release instead of the last good one.")] = "",
    env: Annotated[str, typer.Option("--env", "-e", help="The environment it was good in; needed if several.")] = "",
    catalog: options.Catalog = options.CATALOG,
    as_json: options.Json = False,
) -> int:
    """Take a child's file back to its last good release; the next `aoa up` deploys it."""
    from appofapps.cli import render, render_release
    from appofapps.operations.rollback import rollback as back

    report = back(catalog, child, env, to)
    render.print_report(report, render_release.rolled_back, as_json=as_json)
    return 0
