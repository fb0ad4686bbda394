"""How a run talks to a person at a terminal, or to a log."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from appofapps.cli import render, render_preview, render_run
from appofapps.operations.preview import PreviewReport
from appofapps.operations.refusal import Refusal, RefusedError
from appofapps.operations.talk import Talk


def talk(verb: str, *, yes: bool) -> Talk:
    """Return how a run speaks; without `yes` it asks, and refuses where there is nobody to ask."""

    def confirm(preview: PreviewReport) -> bool:
        question = f"{verb} stack {preview.stack}?"
        return yes or asked(verb, lambda: render_preview.show(preview, render.err()), question)

    return Talk(say=render.say, confirm=confirm, show=render_run.live, listen=render_run.line)


def asked(verb: str, show: Callable[[], None], question: str) -> bool:
    """Show what is at stake, and ask; refuse where there is nobody to ask."""
    require_somebody(verb)
    show()
    return typer.confirm(question, err=True)


def require_somebody(verb: str) -> None:
    """Refuse where there is nobody to ask."""
    if not sys.stdin.isatty():
        raise RefusedError([Refusal(f"aoa {verb}", "there is no terminal to ask on", f"aoa {verb} … --yes")])


@contextmanager
def fleet_talk() -> Iterator[Talk]:
    """Give the talk of several runs that go side by side, which a person has agreed to before."""
    console = render.err()
    with render_run.together(console) as show:
        yield Talk(say=lambda message: render.say(message, console), show=show, listen=render_run.line)
