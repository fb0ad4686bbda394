"""`aoa up`."""

from pathlib import Path

from appofapps.cli import options


def up(
    stack: options.Stack,
    only: options.Only = [],  # noqa: B006 - typer copies it
    refresh: options.Refresh = False,
    confirm_deletions: options.ConfirmDeletions = 0,
    parallel: options.Parallel = None,
    catalog: options.Catalog = options.CATALOG,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> int:
    """Bring a stack to what the catalog says; `aoa fleet up` does so with all stacks of an environment.

    Looks at the world first: an unhealthy dependency, a foreign object or too many deletions refuse the run (exit 2).
    Children fail alone: the rest is deployed, and the summary names who failed and why (exit 1).
    """
    from appofapps.cli import render, render_run
    from appofapps.cli.talk import talk
    from appofapps.operations.deploy import Wish, deploy
    from appofapps.operations.session import open_session

    session = open_session(Path.cwd(), stack, catalog, confirm_deletions, only)
    report = deploy(session, Wish(tuple(only), refresh, confirm_deletions, parallel), talk("up", yes=yes))
    render.print_report(report, render_run.summary, as_json=as_json)
    return report.exit_code
