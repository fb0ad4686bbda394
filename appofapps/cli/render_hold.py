"""A pin or a pause, set or taken away."""

from appofapps.cli.render import out
from appofapps.operations.holds import HoldReport

NEXT = {
    ("paused", True): "nothing of it changes until `aoa resume {child}`; commit the file, so that others see it",
    ("paused", False): "the next `aoa up` brings it to what its file says; `aoa preview` shows that first",
    ("pinned", True): "another version in its file is refused until `aoa unpin {child}`; commit the file",
    ("pinned", False): "its file may name another version again; commit the file",
}


def show(report: HoldReport) -> None:
    """Print what was written, and what follows."""
    at = f" at {report.version}" if report.version else ""
    why = f"{report.hold}{at} until {report.until} ({report.owner}: {report.reason})"
    console = out()
    line = f"{report.file}: {report.child} is {why}" if report.held else f"{report.file}: {report.child} was {why}"
    console.print(line, markup=False, soft_wrap=True)
    console.print(f"  {NEXT[report.hold, report.held].format(child=report.child)}", markup=False, soft_wrap=True)
