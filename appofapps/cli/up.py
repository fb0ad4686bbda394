"""`aoa up`."""

from pathlib import Path
from typing import Annotated

import typer

from appofapps.cli import options


def up(
    stack: Annotated[str, typer.Option("--stack", "-s", help="The stack: the name in Pulumi.<stack>.yaml.")] = "",
    env: Annotated[str, typer.Option("--env", "-e", help="Every stack of this environment, in order.")] = "",
    only: options.Only = [],  # noqa: B006 - typer copies it
    refresh: options.Refresh = False,
    confirm_deletions: Annotated[int, typer.Option(min=0, help="How many children may go: the number named.")] = 0,
    parallel: options.Parallel = None,
    catalog: options.Catalog = options.CATALOG,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> int:
    """Bring a stack, or all stacks of an environment, to what the catalog says.

    Looks at the world first: an unhealthy dependency, a foreign object or too many deletions refuse the run (exit 2).
    Children fail alone: the rest is deployed, and the summary names who failed and why (exit 1).
    """
    from appofapps.cli import render, render_run
    from appofapps.cli.talk import talk
    from appofapps.operations import environment
    from appofapps.operations.deploy import Wish

    wish = Wish(tuple(only), refresh, confirm_deletions, parallel)
    report = environment.up(Path.cwd(), catalog, stack, env, wish, talk("up", yes=yes))
    if as_json:
        render.print_json(report)
    else:
        render_run.summaries(report)
    return report.exit_code
