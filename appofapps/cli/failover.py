"""`aoa failover`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from appofapps.cli import options


def failover(
    env: Annotated[str, typer.Option("--env", "-e", help="The environment of catalog/environments/.")],
    source: Annotated[str, typer.Option("--from", metavar="CLUSTER", help="The cluster that is stood in for.")],
    to: Annotated[str, typer.Option("--to", metavar="CLUSTER", help="The cluster that stands in.")] = "",
    back: Annotated[bool, typer.Option("--back", help="End the failover of --from.")] = False,
    reason: options.Reason = "",
    owner: options.Owner = "",
    catalog: options.Catalog = options.CATALOG,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> int:
    """Let one cluster stand in for another: write it into the environment's file, and deploy what moves.

    Children that keep data move only to where their file declares a replica ready (`data_replicas`). Nothing is
    deleted: what is left in the old place goes with a later `aoa up`, or with `aoa cluster forget`.
    """
    from appofapps.cli import render, render_places
    from appofapps.cli.talk import asked, fleet_talk
    from appofapps.operations import failover as moves
    from appofapps.operations import people
    from appofapps.operations.refusal import Refusal, RefusedError

    if back == bool(to) or not (back or reason):
        usage = f"aoa failover --env {env} --from {source}"
        hint = f"{usage} --to CLUSTER --reason TEXT, or {usage} --back"
        raise RefusedError([Refusal("aoa failover", "say where to and why, or that it is over", hint)])
    if back:
        planned = moves.plan_return(Path.cwd(), catalog, env, source)
    else:
        record = people.record("aoa failover", reason, owner, datetime.now(UTC).date())
        planned = moves.plan_failover(Path.cwd(), catalog, moves.Move(env, source, to), record)
    question = f"end the failover of {source} in {env}?" if back else f"fail {source} over to {to} in {env}?"
    if not yes and not asked("failover", lambda: render_places.moving(planned), question):
        render.say("not confirmed: nothing was changed")
        return 1
    with fleet_talk() as talk:
        report = moves.carry_out(planned, talk)
    render.print_report(report, render_places.moved, as_json=as_json)
    return report.exit_code
