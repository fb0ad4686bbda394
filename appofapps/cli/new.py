"""`aoa new child`."""

from typing import Annotated

import typer

from appofapps.catalog.starter import Kind
from appofapps.cli import options

app = typer.Typer(no_args_is_help=True, help="Write the starting file of something new.", rich_markup_mode=None)


@app.callback()
def new() -> None:
    """Write the starting file of something new."""


@app.command()
def child(
    name: Annotated[str, typer.Argument(help="Lower-case letters, digits and dashes.")],
    kind: Annotated[Kind, typer.Option("--kind", "-k", help="What it is.")],
    team: Annotated[str, typer.Option("--team", "-t", help="Who answers for it.")] = "platform",
    catalog: options.Catalog = options.CATALOG,
) -> int:
    """Write a valid starting file of a child, and for a function its code. Never overwrites."""
    from appofapps.catalog.new import write_child

    for file in write_child(catalog, kind, name, team):
        print(f"wrote {file}")
    print(
        "fill in what is marked, then: aoa validate" + ("" if catalog == options.CATALOG else f" --catalog {catalog}")
    )
    return 0
