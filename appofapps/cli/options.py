"""The flags that several verbs share."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

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
