"""`aoa tenant`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from appofapps.cli import options

app = typer.Typer(no_args_is_help=True, help="Bring in, list and retire tenants.", rich_markup_mode=None)
Name = Annotated[str, typer.Argument(help="Lower-case letters and digits, at most 20.")]


@app.command()
def add(
    name: Name,
    plan: Annotated[str, typer.Option("--plan", "-p", help="A file of tenant-plans/.")],
    env: Annotated[list[str], typer.Option("--env", "-e", help="An environment; may be repeated.")],
    admin_group: Annotated[str, typer.Option(help="The users who may look after it; <name>-admins by default.")] = "",
    region: Annotated[list[str], typer.Option(help="Only clusters of this region; may be repeated.")] = [],  # noqa: B006
    ring: Annotated[str, typer.Option(help="The versions it runs; the plan's by default.")] = "",
    catalog: options.Catalog = options.CATALOG,
) -> int:
    """Write the files of a tenant: its own, and the settings of one stack for each environment."""
    from appofapps.operations import tenants

    fields: dict[str, Any] = {"name": name, "plan": plan, "admin_group": admin_group or f"{name}-admins"}
    fields |= {"environments": list(env)}
    fields |= {"clusters": {"region": list(region)}} if region else {}
    fields |= {"ring": ring} if ring else {}
    for file in tenants.add(Path.cwd(), catalog, fields):
        print(f"wrote {file}")
    print(f"deploy it: aoa up --stack {env[0]}-{name}")
    return 0


@app.command("list")
def list_(catalog: options.Catalog = options.CATALOG, as_json: options.Json = False) -> int:
    """List the stacks of every tenant; `aoa status --stack S` tells how one is."""
    from appofapps.cli import render
    from appofapps.operations import tenants

    found = tenants.stacks(Path.cwd(), catalog)
    if as_json:
        render.print_json(found)
        return 0
    rows = render.table("tenant", "stack", "plan", "ring", "where", "children")
    for each in found:
        rows.add_row(each.tenant, each.stack, each.plan, each.ring or "-", ", ".join(each.places), str(each.children))
    render.out().print(rows, markup=False)
    return 0


@app.command()
def remove(
    name: Name,
    delete_data: Annotated[bool, typer.Option("--delete-data", help="Lose what its children keep.")] = False,
    catalog: options.Catalog = options.CATALOG,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> int:
    """Retire a tenant: delete all of it, make sure that it is gone, then remove its files."""
    from appofapps.cli import render, render_run
    from appofapps.cli.talk import talk
    from appofapps.operations import tenants

    report = tenants.remove(Path.cwd(), catalog, name, talk("tenant remove", yes=yes), delete_data=delete_data)
    if as_json:
        render.print_json(report)
        return report.exit_code
    for run in report.runs:
        render_run.summary(run)
    for place, what in report.left.items():
        print(f"still in {place}: {', '.join(what)}; run it again later")
    for file in report.removed:
        print(f"removed {file}")
    return report.exit_code
