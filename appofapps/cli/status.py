"""`aoa status`."""

from pathlib import Path

from appofapps.cli import options


def status(stack: options.Stack, catalog: options.Catalog = options.CATALOG, as_json: options.Json = False) -> int:
    """Show every child of a stack as it is now; exits 1 when any is not ready. What cannot be seen is not ready."""
    from appofapps.cli import render, render_status
    from appofapps.operations.session import open_session
    from appofapps.operations.status import status as look

    report = look(open_session(Path.cwd(), stack, catalog))
    render.print_report(report, render_status.show, as_json=as_json)
    return report.exit_code
