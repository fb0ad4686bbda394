"""How a run talks to a person at a terminal, or to a log."""

import sys

import typer

from appofapps.cli import render, render_preview, render_run
from appofapps.operations.preview import PreviewReport
from appofapps.operations.refusal import Refusal, RefusedError
from appofapps.operations.talk import Talk


def talk(verb: str, *, yes: bool) -> Talk:
    """Return how a run speaks; without `yes` it asks, and refuses where there is nobody to ask."""

    def confirm(preview: PreviewReport) -> bool:
        if yes:
            return True
        if not sys.stdin.isatty():
            raise RefusedError([Refusal(f"aoa {verb}", "there is no terminal to ask on", f"aoa {verb} … --yes")])
        render_preview.show(preview, render.err())
        return typer.confirm(f"{verb} stack {preview.stack}?", err=True)

    return Talk(say=render.say, confirm=confirm, show=render_run.live, listen=render_run.line)
