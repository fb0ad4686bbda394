"""The flags that several verbs share."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from appofapps.catalog.models.parent import Record

Stack = Annotated[str, typer.Option("--stack", "-s", help="The stack: the name in Pulumi.<stack>.yaml.")]
Catalog = Annotated[
    Path, typer.Option("--catalog", envvar="AOA_CATALOG", help="The catalog's folder.", show_default=True)
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document to stdout.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Only = Annotated[
    list[str], typer.Option("--only", metavar="CHILD", help="This child, with all it needs; may be repeated.")
]
Refresh = Annotated[bool, typer.Option("--refresh", help="Read the world first, so that edits by hand are seen.")]
ConfirmDeletions = Annotated[int, typer.Option(min=0, help="How many children may go: the number named.")]
Parallel = Annotated[int | None, typer.Option("--parallel", min=1, help="Steps the engine takes at a time.")]

Child = Annotated[str, typer.Argument(metavar="CHILD", help="The child's name.")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why; it is recorded in the catalog.")]
Owner = Annotated[str, typer.Option("--owner", help="Who answers for it; you, without.", show_default=False)]
Until = Annotated[
    datetime, typer.Option("--until", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The last day it is meant for.")
]

CATALOG = Path("catalog")


def record(reason: str, owner: str) -> "Record":
    """Return the record of what is done now, by whom and why; raises RefusedError without a reason."""
    from datetime import UTC

    from appofapps.catalog.models.parent import Record
    from appofapps.operations.people import me
    from appofapps.operations.refusal import Refusal, RefusedError

    if not reason.strip():
        raise RefusedError([Refusal("--reason", "is empty", "say why; it is recorded in the catalog")])
    return Record(reason=reason, owner=owner or me() or "somebody", since=datetime.now(UTC).date())
