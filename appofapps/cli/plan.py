"""`aoa plan`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from appofapps.cli import options


def plan(
    env: Annotated[str, typer.Option("--env", "-e", help="The environment; with --stack it may be left out.")] = "",
    stack: Annotated[str, typer.Option("--stack", "-s", help="Only what this stack takes of it.")] = "",
    catalog: options.Catalog = options.CATALOG,
    graph: Annotated[Literal["mermaid", "dot"] | None, typer.Option(help="Print the graph of needs instead.")] = None,
    as_json: options.Json = False,
) -> int:
    """Show what runs where, in which order, and what waits for what. Touches nothing."""
    from appofapps.cli import render, render_graph, render_plan
    from appofapps.operations import planning

    report = planning.plan(Path.cwd(), catalog, env, stack)
    if as_json:
        render.print_json(report)
    elif graph:
        print(render_graph.draw(report, graph))
    else:
        render_plan.show(report)
    return 0
