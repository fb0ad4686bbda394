"""The stacks of an environment: one table, and what is missing where."""

from collections import Counter

from rich.console import Console
from rich.text import Text

from appofapps.cli import render_preview
from appofapps.cli.render import duration, err, out, table
from appofapps.operations.fleet_plan import FleetPlan
from appofapps.operations.fleet_report import FleetReport
from appofapps.operations.preview import PreviewReport


def plan(report: FleetPlan, console: Console | None = None) -> None:
    """Print the stacks in the order they run."""
    asked = any(stack.changed is not None for stack in report.stacks)
    rows = table("wave", "stack", "places", "children", "waits for", *(["changed"] if asked else []))
    for stack in report.stacks:
        cells = (
            str(stack.wave),
            stack.stack,
            ", ".join(stack.places),
            str(stack.children),
            ", ".join(stack.needs) or "-",
        )
        rows.add_row(*cells, *(["yes" if stack.changed else "no"] if asked else []))
    console = console or out()
    console.print(rows, markup=False)
    children = sum(stack.children for stack in report.stacks)
    console.print(f"\nenvironment {report.environment}: {len(report.stacks)} stacks, {children} children", markup=False)
    if report.orphans:
        names = ", ".join(map(str, report.orphans))
        console.print(f"taken by no stack: {names}", style="red", markup=False, soft_wrap=True)


def show(report: FleetReport) -> None:
    """Print how each stack fared, what is missing where, and one line of totals."""
    for run in report.stacks:
        if isinstance(run.report, PreviewReport) and run.report.children:
            render_preview.show(run.report)
    rows = table("stack", "outcome", "children", "after", "tries", "because")
    for run in report.stacks:
        style = "red" if run.outcome not in FINE else ""
        because = run.skipped or run.error
        tries = str(run.attempts) if run.attempts > 1 else ""
        rows.add_row(run.stack, Text(run.outcome, style), run.counts, duration(run.seconds), tries, Text(because))
    out().print(rows, markup=False)
    if report.missing:
        missing = table("stack", "missing", "because")
        for each in report.missing:
            missing.add_row(each.stack, each.what, Text(each.cause))
        err().print()
        err().print(missing, markup=False)
    counts = Counter(run.outcome for run in report.stacks)
    total = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    out().print(f"\nenvironment {report.environment}: {total} ({report.seconds:.1f}s)", markup=False)


FINE = frozenset({"done", "unchanged", "no changes", "would change"})
