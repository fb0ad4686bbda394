"""A preview, child by child."""

from collections.abc import Sequence

from rich.console import Console

from appofapps.cli.render import out, unreachable
from appofapps.engine.results import Operation
from appofapps.operations.preview import ChildChange, PreviewReport, ResourceChange
from appofapps.plan.conventions import VERSION

MARKS = {Operation.CREATE: "+", Operation.UPDATE: "~", Operation.REPLACE: "+-", Operation.DELETE: "-"}
MOST_PROPERTIES = 6
LABELS = {f'metadata.labels["{VERSION}"]', "tags", "tagsAll"}
"""What every resource of a child shows when its version changes."""


def show(report: PreviewReport, console: Console | None = None) -> None:
    """Print what would change; replacements and deletions are flagged in words."""
    console = console or out()
    unreachable(report.unreachable)
    for child in report.children:
        console.print(_title(child), style="bold", markup=False, soft_wrap=True)
        for change in child.resources:
            if not is_label(change):
                console.print(_line(change), markup=False, soft_wrap=True)
        if labelled := [change.resource for change in child.resources if is_label(change)]:
            console.print(f"  ~  labels and tags only: {', '.join(labelled)}", markup=False, soft_wrap=True)
    for failure in report.failures:
        console.print(f"error: {failure}", style="red", markup=False, soft_wrap=True)
    console.print(_total(report), markup=False)


def is_label(change: ResourceChange) -> bool:
    """Tell whether a resource shows no more than that its child's version changed."""
    return change.operation is Operation.UPDATE and bool(change.properties) and LABELS.issuperset(change.properties)


def _title(child: ChildChange) -> str:
    flags = (" DELETES" if child.deletes else "") + (" REPLACES" if child.replaces else "")
    name = child.address or "the parent"
    return f"{name}  {child.verb}{_arrow(child.old_version, child.new_version)}{flags}{_images(child)}"


def _images(child: ChildChange) -> str:
    if child.old_image == child.new_image or not (child.old_image and child.new_image):
        return ""
    return f"\n    image {child.old_image}\n       -> {child.new_image}"


def _arrow(old: str, new: str) -> str:
    if old and new and old != new:
        return f"  {old} -> {new}"
    return f"  {new or old}" if new or old else ""


def _line(change: ResourceChange) -> str:
    shown = f"  {first(change.properties)}" if change.properties else ""
    flag = {Operation.REPLACE: "  (replaced)", Operation.DELETE: "  (deleted)"}.get(change.operation, "")
    return f"  {MARKS.get(change.operation, '?'):2} {change.resource or change.type}{flag}{shown}"


def first(properties: Sequence[str]) -> str:
    """Return the first of what changes in a resource, and how much more there is."""
    more = len(properties) - MOST_PROPERTIES
    return ", ".join(properties[:MOST_PROPERTIES]) + (f" and {more} more" if more > 0 else "")


def _total(report: PreviewReport) -> str:
    if not report.children and not report.failures:
        return "no changes"
    verbs = [child.verb for child in report.children if child.address]
    counts = ", ".join(f"{verbs.count(verb)} {verb}" for verb in dict.fromkeys(verbs))
    return f"stack {report.stack}: {counts or 'no child changes'}"
