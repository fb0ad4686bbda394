"""A run: its children while it lasts, and the summary after it."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from appofapps.cli.render import duration, err, out, table, unreachable
from appofapps.operations.progress import ChildProgress, Progress, Stage
from appofapps.operations.report import FINE, ChildOutcome, Outcome, RunReport

Show = Callable[[Progress], AbstractContextManager[None]]

QUIET = frozenset({Stage.WAITING, Stage.UNCHANGED, Stage.READY, Stage.REMOVED})
"""Stages left out of the live table when the terminal is too low for all children."""
STYLES = {Stage.READY: "green", Stage.FAILED: "red", Stage.DEPLOYING: "yellow", Stage.REMOVING: "yellow"}


@contextmanager
def live(progress: Progress) -> Iterator[None]:
    """Show the children while the engine runs; on a terminal as a table, else `line` prints their stages."""
    with together(err()) as show, show(progress):
        yield


@contextmanager
def together(console: Console) -> Iterator[Show]:
    """Give a `show` for runs that go side by side: one table has the children of all that are under way."""
    runs: list[Progress] = []

    @contextmanager
    def show(progress: Progress) -> Iterator[None]:
        runs.append(progress)
        try:
            yield
        finally:
            runs.remove(progress)

    def picture() -> RenderableType:
        return _picture([row for run in tuple(runs) for row in run.rows()], console.height)

    if not sys.stderr.isatty():
        yield show
        return
    with Live(get_renderable=picture, console=console, refresh_per_second=4, transient=True):
        yield show


def line(row: ChildProgress) -> None:
    """Print one child that came to another stage, where there is no terminal for a table."""
    if sys.stderr.isatty() or row.stage is Stage.UNCHANGED:
        return
    parts = (f"{row.address!s:32}", f"{row.stage:10}", f"{duration(row.seconds(time.time())):>6}", row.cause)
    err().print("  ".join(parts).rstrip(), markup=False, soft_wrap=True)


def summary(report: RunReport) -> None:
    """Print what a run did: every child that is not as it should be with its cause, and the totals."""
    console = err()
    unreachable(report.unreachable)
    unwell = [child for child in report.children if child.outcome not in FINE]
    if unwell:
        console.print(_unwell(unwell), markup=False)
    for failure in report.failures:
        console.print(f"error: {failure}", style="red", markup=False, soft_wrap=True)
    if report.unfinished:
        console.print(f"unfinished: {', '.join(report.unfinished)}; the next run takes them up", markup=False)
    for each in report.snapshots:
        out().print(f"snapshot of {each.claim} in {each.place}: {each.content}", markup=False, soft_wrap=True)
    out().print(_total(report), markup=False)


def _picture(rows: Sequence[ChildProgress], height: int) -> RenderableType:
    shown = rows if len(rows) < height - 3 else [row for row in rows if row.stage not in QUIET][: height - 4]
    lines = table("child", "stage", "for", "")
    now = time.time()
    for row in shown:
        style = STYLES.get(row.stage, "")
        lines.add_row(str(row.address), Text(row.stage, style), duration(row.seconds(now)), Text(row.cause))
    counts = Counter(row.stage for row in rows)
    return Group(lines, Text(", ".join(f"{counts[stage]} {stage}" for stage in Stage if counts[stage]), "bold"))


def _unwell(children: list[ChildOutcome]) -> RenderableType:
    rows = table("child", "version", "owner", "outcome", "after", "cause")
    for child in children:
        rows.add_row(
            str(child.address), child.version, child.owner, Text(child.outcome, "red"), duration(child.seconds),
            Text(child.cause),
        )  # fmt: skip
    return rows


def _total(report: RunReport) -> str:
    if not report.children and not report.failures:
        return f"stack {report.stack}: nothing to {report.verb}"
    if report.exit_code == 0 and not report.changed:
        return f"stack {report.stack}: no changes, {len(report.children)} children ({report.seconds:.1f}s)"
    counts = Counter(child.outcome for child in report.children)
    parts = ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome if counts[outcome])
    return f"stack {report.stack}: {parts or 'nothing done'} ({report.seconds:.1f}s)"
