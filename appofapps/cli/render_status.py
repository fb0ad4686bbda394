"""The children of a stack, one row each."""

from appofapps.cli.render import held, notes, out, table, unreachable
from appofapps.operations.status import ChildStatus, StatusReport


def show(report: StatusReport) -> None:
    """Print a status report to stdout."""
    unreachable(report.unreachable)
    notes(report.notes)
    rows = table("child", "kind", "version", "where", "ready", "owner", "since", "cause")
    for child in report.children:
        rows.add_row(*_row(child), style="" if child.ready else "red")
    console = out()
    console.print(rows, markup=False)
    for parent in report.parents:
        told = f"parent {parent.name} {parent.version}: {parent.ready} of {parent.children} children ready"
        console.print(told, markup=False)
    ready = sum(child.ready for child in report.children)
    console.print(f"\nstack {report.stack}: {ready} of {len(report.children)} children ready", markup=False)


def _row(child: ChildStatus) -> tuple[str, ...]:
    version = child.version or "-"
    if child.wanted and child.version and child.wanted != child.version:
        version = f"{child.version} (wanted {child.wanted})"
    return (
        child.address.child,
        child.kind or "-",
        version + held(paused=child.paused, pinned=child.pinned),
        child.address.place,
        "yes" if child.ready else str(child.condition),
        child.owner or "-",
        child.since or "-",
        child.cause,
    )
