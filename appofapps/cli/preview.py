"""`aoa preview`."""

from pathlib import Path

from appofapps.cli import options


def preview(
    stack: options.Stack,
    only: options.Only = [],  # noqa: B006 - typer copies it
    refresh: options.Refresh = False,
    catalog: options.Catalog = options.CATALOG,
    as_json: options.Json = False,
) -> int:
    """Show what `aoa up` would change, child by child; nothing is written. Exits 0 without differences, 1 with any."""
    from appofapps.cli import render, render_preview
    from appofapps.operations.preview import preview as ask
    from appofapps.operations.session import open_session

    report = ask(open_session(Path.cwd(), stack, catalog), only, refresh=refresh)
    render.print_report(report, render_preview.show, as_json=as_json)
    return report.exit_code
