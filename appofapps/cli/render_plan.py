"""The plan as a table, wave by wave."""

import json
from itertools import groupby

from appofapps.cli.render import duration, held, notes, out, table
from appofapps.operations.planning import ChildPlan, PlanReport


def show(report: PlanReport) -> None:
    """Print a plan to stdout."""
    console = out()
    notes(report.notes)
    where = f"stack {report.stack}, " if report.stack else ""
    console.print(
        f"{report.parent} {report.parent_version}, {where}environment {report.environment}", style="bold", markup=False
    )
    for wave, group in groupby(report.children, key=lambda child: child.wave):
        console.print(f"\nwave {wave}", style="bold")
        rows = table("child", "where", "kind", "version", "owner", "waits for", "ready within", "patches")
        children = tuple(group)
        for child in children:
            rows.add_row(*_row(child))
        console.print(rows, markup=False)
        for child in children:
            for patch in child.patches:
                console.print(f"patch of {child.address}/{patch.resource}: {json.dumps(patch.merge)}", markup=False)
    longest = max((child.worst_case for child in report.children), default=0)
    console.print(f"\n{len(report.children)} children; all are ready, or have failed, within {duration(longest)}")


def _row(child: ChildPlan) -> tuple[str, ...]:
    needs = [*(str(need) for need in child.needs), *(f"{need} (other stack)" for need in child.outside_needs)]
    return (
        child.address.child,
        child.address.place,
        child.kind,
        child.version + held(paused=child.paused, pinned=child.pinned),
        child.owner,
        ", ".join(needs) or "-",
        duration(child.worst_case),
        ", ".join(patch.resource for patch in child.patches) or "-",
    )
