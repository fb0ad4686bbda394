"""`aoa retire`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from appofapps.cli import options


def retire(
    child: options.Child,
    reason: Annotated[str, typer.Option("--reason", "-r", help="What for; not needed again for other stacks.")] = "",
    owner: options.Owner = "",
    stack: Annotated[list[str], typer.Option("--stack", "-s", help="Remove it here; may be repeated.")] = [],  # noqa: B006 - typer copies it
    catalog: options.Catalog = options.CATALOG,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> int:
    """Take a child's file out of the catalog, remove the child from stacks, and look whether it is gone.

    Refused while anything needs it (exit 2). What `deletion_policy: retain` or `snapshot` keeps is named.
    """
    from appofapps.cli import render, render_retire
    from appofapps.cli.talk import require_somebody, talk
    from appofapps.operations.retire import retire as end

    if stack and not yes:
        require_somebody("retire")  # before the file moves
    today = datetime.now(UTC).date()
    report = end(Path.cwd(), catalog, child, reason, owner, stack, today, talk("retire", yes=yes))
    render.print_report(report, render_retire.show, as_json=as_json)
    return report.exit_code
