"""`aoa preview`."""

from pathlib import Path
from typing import Annotated

import typer

from appofapps.cli import options


def preview(
    stack: options.Stack,
    only: options.Only = [],  # noqa: B006 - typer copies it
    refresh: options.Refresh = False,
    catalog: options.Catalog = options.CATALOG,
    as_json: options.Json = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print a comment for a pull request.")] = False,
) -> int:
    """Show what `aoa up` would change, child by child; nothing is written. Exits 0 without differences, 1 with any."""
    from appofapps.cli import render, render_markdown, render_preview
    from appofapps.operations.preview import preview as ask
    from appofapps.operations.session import open_session

    session = open_session(Path.cwd(), stack, catalog)
    report = ask(session, only, refresh=refresh)
    if as_markdown:
        print(render_markdown.markdown(report, session.catalog.parent.prices))
        return report.exit_code
    render.print_report(report, render_preview.show, as_json=as_json)
    return report.exit_code
