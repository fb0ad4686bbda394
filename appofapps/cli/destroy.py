"""`aoa destroy`."""

from pathlib import Path

from appofapps.cli import options


def destroy(
    stack: options.Stack,
    parallel: options.Parallel = None,
    catalog: options.Catalog = options.CATALOG,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> int:
    """Delete everything of a stack, dependents first."""
    from appofapps.cli import render, render_run
    from appofapps.cli.talk import talk
    from appofapps.operations.destroy import destroy as delete
    from appofapps.operations.session import open_session

    report = delete(open_session(Path.cwd(), stack, catalog), talk("destroy", yes=yes), parallel=parallel)
    render.print_report(report, render_run.summary, as_json=as_json)
    return report.exit_code
