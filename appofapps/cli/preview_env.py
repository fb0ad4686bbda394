"""`aoa preview-env`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from appofapps.cli import options

if TYPE_CHECKING:
    from appofapps.operations.preview_reap import Reaping
    from appofapps.operations.preview_records import PreviewStack

app = typer.Typer(no_args_is_help=True, help="Environments for pull requests.", rich_markup_mode=None)
Number = Annotated[int, typer.Option("--pr", min=1, help="The number of the pull request.")]
Repository = Annotated[str, typer.Option("--repository", help="Where it is, as owner/name; counts and names by it.")]


@app.command()
def up(
    pr: Number,
    ref: Annotated[str, typer.Option("--ref", help="The commit it shows.")],
    children: Annotated[str, typer.Option("--children", help="Those under change, with commas.")],
    image: Annotated[list[str], typer.Option("--image", metavar="CHILD=IMAGE@sha256:…", help="What one runs.")] = [],  # noqa: B006
    label: Annotated[list[str], typer.Option("--label", help="A label of the pull request; may be repeated.")] = [],  # noqa: B006
    repository: Repository = "",
    author: Annotated[str, typer.Option("--author", help="Who opened it.")] = "",
    fork: Annotated[bool, typer.Option("--fork", help="It comes from a fork: no child may have credentials.")] = False,
    catalog: options.Catalog = options.CATALOG,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> int:
    """Deploy the children under change, and what they need and is not shared; prints the addresses and the expiry."""
    from datetime import UTC, datetime

    from appofapps.cli import render, render_run
    from appofapps.cli.talk import talk
    from appofapps.operations import preview_env
    from appofapps.operations.session import open_project

    images = tuple((each.partition("=")[0], each.partition("=")[2]) for each in image)
    request = preview_env.Request(pr, ref, _split(children), images, tuple(label), repository, author, fork)
    project = open_project(Path.cwd(), catalog)
    report = preview_env.up(project, request, datetime.now(UTC), talk("preview-env up", yes=yes))
    if as_json:
        render.print_json(report)
        return report.exit_code
    render_run.summary(report.run)
    _show(report.preview)
    return report.exit_code


@app.command("list")
def list_(as_json: options.Json = False) -> int:
    """List all previews, as the backend knows them."""
    from datetime import UTC, datetime

    from appofapps.cli import render
    from appofapps.operations.preview_records import preview_stacks

    found = preview_stacks(Path.cwd(), datetime.now(UTC))
    if as_json:
        render.print_json(found)
        return 0
    rows = render.table("preview", "repository", "author", "commit", "children", "expires", "where")
    for each in found:
        record = each.record
        who = (record.repository or "-", record.author or "-", record.ref[:7]) if record else ("-", "-", "-")
        children = ", ".join(record.children) if record else "-"
        rows.add_row(each.name, *who, children, _until(each), " ".join(each.urls.values()) or "-")
    render.out().print(rows, markup=False)
    return 0


@app.command()
def extend(
    pr: Number,
    by: Annotated[str, typer.Option("--by", help="How much longer: 12h, 2d.")],
    repository: Repository = "",
    catalog: options.Catalog = options.CATALOG,
    as_json: options.Json = False,
) -> int:
    """Let a preview live longer; nothing is deployed."""
    from datetime import UTC, datetime

    from appofapps.catalog.models.previews import preview_name
    from appofapps.cli import render
    from appofapps.operations import preview_env
    from appofapps.operations.session import open_project

    project = open_project(Path.cwd(), catalog)
    found = preview_env.extend(project, preview_name(pr, repository), by, datetime.now(UTC))
    render.print_report(found, _show, as_json=as_json)
    return 0


@app.command()
def reap(
    closed: Annotated[str, typer.Option("--closed", help="Numbers of pull requests that are over, with commas.")] = "",
    open_: Annotated[
        str | None, typer.Option("--open", help="Numbers of all that are open and labelled: all others are over.")
    ] = None,
    repository: Repository = "",
    catalog: options.Catalog = options.CATALOG,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Remove them; without, they are only told.")] = False,
    as_json: options.Json = False,
) -> int:
    """Tell which previews are over, and count namespaces that no stack knows; exits 1 when there are any."""
    from datetime import UTC, datetime

    from appofapps.cli import render
    from appofapps.cli.talk import talk
    from appofapps.operations import preview_reap
    from appofapps.operations.session import open_project

    scope = preview_reap.Scope(repository, _numbers(closed), None if open_ is None else _numbers(open_))
    project, voice = open_project(Path.cwd(), catalog), talk("preview-env reap", yes=True)
    report = preview_reap.reap(project, scope, datetime.now(UTC), voice, really=yes)
    render.print_report(report, _reaped, as_json=as_json)
    return report.exit_code


def _split(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())


def _numbers(text: str) -> frozenset[int]:
    from appofapps.operations.refusal import Refusal, RefusedError

    wrong = [each for each in _split(text) if not each.isdecimal()]
    if wrong:
        raise RefusedError([Refusal("aoa preview-env reap", f"{wrong[0]!r} is no number", "write it like 12,14")])
    return frozenset(int(each) for each in _split(text))


def _until(preview: "PreviewStack") -> str:
    if preview.record is None:
        return "no record"
    return f"{preview.record.expires:%Y-%m-%d %H:%M} UTC{' (expired)' if preview.expired else ''}"


def _show(preview: "PreviewStack") -> None:
    print(f"preview {preview.name} until {_until(preview)}")
    for child, url in preview.urls.items():
        print(f"{child}: {url}")


def _reaped(report: "Reaping") -> None:
    for due in report.due:
        done = "removed" if due.preview.name in report.removed else "still there"
        print(f"{due.preview.name}: {due.why}; {done if report.runs or report.failures else 'to be removed by --yes'}")
    for cluster, names in report.orphans.items():
        print(f"{len(names)} orphans in {cluster}, of no stack in this backend: {', '.join(names)}")
        print(f"  to remove them: kubectl --context {cluster} delete namespace {' '.join(names)}")
    for cluster, why in report.unreachable.items():
        print(f"{cluster} could not be asked: {why}")
    for failure in report.failures:
        print(f"error: {failure}")
    print(f"{len(report.due)} over, {len(report.kept)} kept, {sum(map(len, report.orphans.values()))} orphans")
