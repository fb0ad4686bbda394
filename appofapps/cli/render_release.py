"""Releases: what was recorded as good, and what a rollback wrote."""

from appofapps.cli.render import err, out
from appofapps.operations.record import RecordReport
from appofapps.operations.rollback import RollbackReport


def recorded(report: RecordReport) -> None:
    """Print which children are good, and why the others are not."""
    for child in report.recorded:
        out().print(f"{child.child} {child.version}: {'recorded' if child.new else 'recorded before'}", markup=False)
    for name, why in report.left_out.items():
        err().print(f"{name}: left out: {why}", style="red", markup=False, soft_wrap=True)
    new = sum(child.new for child in report.recorded)
    out().print(f"environment {report.environment}: {len(report.recorded)} good, {new} of them new; commit releases/")


def rolled_back(report: RollbackReport) -> None:
    """Print what was written, and what to do next."""
    console = out()
    what = f"{report.old_version} -> {report.new_version}, good in {report.environment} at {report.recorded}"
    console.print(f"{report.file}: {report.child} {what}", markup=False, soft_wrap=True)
    console.print(f"  changed: {', '.join(report.fields)}", markup=False)
    console.print(f"  next: {_next(report)}", markup=False, soft_wrap=True)


def _next(report: RollbackReport) -> str:
    if report.paused:
        return f"it is paused, so nothing follows yet: aoa resume {report.child}"
    deploy = f"aoa fleet up --env {report.environment}"
    return f"{deploy}, then commit the file, so that nothing brings the other release back"
