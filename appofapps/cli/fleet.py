"""`aoa fleet`: the stacks of an environment."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from appofapps.cli import options

if TYPE_CHECKING:
    from appofapps.operations.fleet import Fleet
    from appofapps.operations.fleet_report import FleetReport

app = typer.Typer(no_args_is_help=True, help="All stacks of an environment, side by side.", rich_markup_mode=None)

Env = Annotated[str, typer.Option("--env", "-e", help="The environment of catalog/environments/.")]
Stacks = Annotated[int | None, typer.Option("--parallel", min=1, help="Stacks at a time; 4 without.")]
Tenant = Annotated[list[str], typer.Option("--tenant", help="The stacks of this tenant only; may be repeated.")]
AllTenants = Annotated[bool, typer.Option("--all-tenants", help="The stacks of all tenants, and no others.")]
Changed = Annotated[bool, typer.Option("--changed", help="Only stacks that differ from what was last deployed.")]


@app.callback()
def fleet() -> None:
    """Run the stacks of an environment side by side, each after those it needs, past failures."""


@app.command()
def plan(
    env: Env,
    tenant: Tenant = [],  # noqa: B006 - typer copies it
    all_tenants: AllTenants = False,
    changed: Changed = False,
    catalog: options.Catalog = options.CATALOG,
    as_json: options.Json = False,
) -> int:
    """Show the stacks of an environment, in the order they run. Touches nothing."""
    from appofapps.cli import render, render_fleet
    from appofapps.operations.fleet_plan import plan as describe

    report = describe(_open(env, catalog, None, tenant, all_tenants, changed=changed))
    render.print_report(report, render_fleet.plan, as_json=as_json)
    return 0


@app.command()
def preview(
    env: Env,
    tenant: Tenant = [],  # noqa: B006 - typer copies it
    all_tenants: AllTenants = False,
    parallel: Stacks = None,
    changed: Changed = False,
    refresh: options.Refresh = False,
    catalog: options.Catalog = options.CATALOG,
    as_json: options.Json = False,
) -> int:
    """Show what `aoa fleet up` would change, stack by stack. Exits 0 without differences, 1 with any."""
    from appofapps.cli.talk import fleet_talk
    from appofapps.operations import fleet

    with fleet_talk() as talk:
        report = fleet.preview(
            _open(env, catalog, parallel, tenant, all_tenants, changed=changed), talk, refresh=refresh
        )
    return _reported(report, as_json=as_json)


@app.command()
def up(
    env: Env,
    tenant: Tenant = [],  # noqa: B006 - typer copies it
    all_tenants: AllTenants = False,
    parallel: Stacks = None,
    changed: Changed = False,
    refresh: options.Refresh = False,
    confirm_deletions: options.ConfirmDeletions = 0,
    catalog: options.Catalog = options.CATALOG,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> int:
    """Bring all stacks of an environment to what the catalog says.

    Stacks that need a failed one are left out, the others go on; what is locked, out of reach or could not run is tried
    three times. The summary names what is missing where, and the exit code is the worst of a stack's.
    """
    from appofapps.cli.talk import fleet_talk
    from appofapps.operations import fleet
    from appofapps.operations.deploy import Wish

    opened = _open(env, catalog, parallel, tenant, all_tenants, changed=changed)
    if not _agreed("up", opened, yes=yes):
        return 1
    with fleet_talk() as talk:
        report = fleet.up(opened, Wish(refresh=refresh, confirm_deletions=confirm_deletions), talk)
    return _reported(report, as_json=as_json)


@app.command()
def destroy(
    env: Env,
    tenant: Tenant = [],  # noqa: B006 - typer copies it
    all_tenants: AllTenants = False,
    parallel: Stacks = None,
    catalog: options.Catalog = options.CATALOG,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> int:
    """Delete everything of all stacks of an environment, each after those that need it."""
    from appofapps.cli.talk import fleet_talk
    from appofapps.operations import fleet

    opened = _open(env, catalog, parallel, tenant, all_tenants, changed=False)
    if not _agreed("destroy", opened, yes=yes):
        return 1
    with fleet_talk() as talk:
        report = fleet.destroy(opened, talk)
    return _reported(report, as_json=as_json)


def _open(
    env: str, catalog: Path, parallel: int | None, tenants: list[str], everyone: bool, *, changed: bool
) -> "Fleet":
    from appofapps.operations.fleet import Tenants, open_fleet

    whose = Tenants(tuple(tenants), everyone)
    return open_fleet(Path.cwd(), catalog, env, parallel=parallel, changed=changed, tenants=whose)


def _agreed(verb: str, fleet: "Fleet", *, yes: bool) -> bool:
    """Ask once, for all stacks."""
    from appofapps.cli import render, render_fleet
    from appofapps.cli.talk import asked
    from appofapps.operations.fleet_plan import plan as describe

    question = f"{verb} all {len(fleet.needs)} stacks of {fleet.environment}?"
    if yes or asked(f"fleet {verb}", lambda: render_fleet.plan(describe(fleet), render.err()), question):
        return True
    render.say("not confirmed: nothing was changed")
    return False


def _reported(report: "FleetReport", *, as_json: bool) -> int:
    from appofapps.cli import render, render_fleet

    render.print_report(report, render_fleet.show, as_json=as_json)
    return report.exit_code
