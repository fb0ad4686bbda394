"""`aoa cluster`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from appofapps.cli import options

app = typer.Typer(no_args_is_help=True, help="Clusters of the catalog.", rich_markup_mode=None)


@app.callback()
def cluster() -> None:
    """See to the clusters of the catalog."""


@app.command()
def forget(
    name: Annotated[str, typer.Argument(help="A cluster that is gone for good.")],
    reason: options.Reason,
    owner: options.Owner = "",
    confirm_deletions: options.ConfirmDeletions = 0,
    catalog: options.Catalog = options.CATALOG,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> int:
    """Take what was in a dead cluster out of the states of its stacks, and touch nothing else.

    Recorded as `forgotten:` in the cluster's file; while that stands, no child is placed there. Refused while the
    cluster answers, and beyond the deletion budget.
    """
    from appofapps.cli import render, render_places
    from appofapps.cli.talk import asked
    from appofapps.operations import people
    from appofapps.operations.forget import ForgetReport
    from appofapps.operations.forget import forget as give_up

    def confirm(found: ForgetReport) -> bool:
        return yes or asked("cluster forget", lambda: render_places.losses(found), f"forget cluster {name}?")

    record = people.record("aoa cluster forget", reason, owner, datetime.now(UTC).date())
    report = give_up(Path.cwd(), catalog, name, record, confirm_deletions=confirm_deletions, confirm=confirm)
    if report is None:
        render.say("not confirmed: nothing was changed")
        return 1
    render.print_report(report, render_places.forgotten, as_json=as_json)
    return 0
