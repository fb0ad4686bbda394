"""The `aoa` command: wires the verbs, and turns what goes wrong into a message and an exit code.

Verbs import what they need when they run, so that `aoa --help` and `aoa validate` start at once.
"""

import signal
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from typing import Annotated

import typer

from appofapps.cli import (
    cluster,
    destroy,
    failover,
    fleet,
    new,
    pause,
    pin,
    plan,
    preview,
    preview_env,
    release,
    resume,
    retire,
    rollback,
    schema,
    status,
    tenant,
    unpin,
    up,
    validate,
)

INTERRUPTED = 130
"""What shells expect of a command that Ctrl-C ended."""

app = typer.Typer(no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False, rich_markup_mode=None)
VERBS: tuple[Callable[..., int], ...] = (
    validate.validate, plan.plan, preview.preview, up.up, status.status, destroy.destroy, schema.schema,
    pin.pin, unpin.unpin, pause.pause, resume.resume, rollback.rollback, retire.retire, failover.failover,
)  # fmt: skip
for verb in VERBS:
    app.command()(verb)
app.add_typer(new.app, name="new")
app.add_typer(fleet.app, name="fleet")
app.add_typer(cluster.app, name="cluster")
app.add_typer(release.app, name="release")
app.add_typer(tenant.app, name="tenant")
app.add_typer(preview_env.app, name="preview-env")


def _version(wanted: bool) -> None:
    if wanted:
        try:
            print(f"aoa {installed('appofapps')}")
        except PackageNotFoundError:
            print("aoa, from a checkout that is not installed")
        raise typer.Exit


@app.callback()
def aoa(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
) -> None:
    """App of apps: one parent composes many child apps from a catalog.

    Exit codes, for every verb: 0 as asked; 1 differences found, or a child failed or is unhealthy; 2 wrong input, or
    refused by a guard; 3 could not run (lock, backend, engine).
    """


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; everything that goes wrong is a message."""
    try:
        code = int(typer.main.get_command(app).main(list(arguments), prog_name="aoa", standalone_mode=False) or 0)
    except typer.Abort:
        code = INTERRUPTED
    except Exception as error:
        if hasattr(error, "show") and hasattr(error, "exit_code"):  # the command line itself is wrong
            error.show()
            return int(error.exit_code)
        from appofapps.cli.render_errors import explain

        return explain(error)
    if code == INTERRUPTED:  # typer's answer to a Ctrl-C, or a person's to a question
        print("interrupted", file=sys.stderr)
    return code


def main() -> None:
    """Run `aoa`."""
    # A service manager's stop is a person's Ctrl-C: the engine ends cleanly. Shells start jobs with it ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    sys.exit(run(sys.argv[1:]))
