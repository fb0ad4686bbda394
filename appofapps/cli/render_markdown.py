"""A preview as a comment on a pull request: by child, with what it asks for and costs."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from appofapps.catalog.models.parent import Prices
from appofapps.cli.render_preview import first, is_label
from appofapps.engine.results import Operation
from appofapps.operations.preview import ChildChange, PreviewReport, ResourceChange, Verb
from appofapps.plan import conventions as c
from appofapps.plan.checks.quotas import written

GROUPS = ("added", "changed", "replaced", "removed")
HEAD = ("| child | version | what changes | cpu | memory | cost a month |", "|---|---|---|---|---|---|")
MOST_LINES = 8
"""Resources of one child."""
_WORDS: Final = {
    Operation.DELETE: "**deletes**", Operation.REPLACE: "**replaces**", Operation.UPDATE: "updates",
    Operation.CREATE: "creates",
}  # fmt: skip
"""The most dangerous first."""
VERSION_LABEL = f'labels["{c.VERSION}"]'
"""What every resource of a child shows when its version changes, which the row says already."""
MOST = 60_000
"""Characters; a comment of GitHub holds 65536."""


def markdown(report: PreviewReport, prices: Prices | None) -> str:
    """Return the comment; `prices` None leaves cost out."""
    lines = list(_lines(report, prices))
    text = "\n".join(lines)
    return text if len(text) <= MOST else text[:MOST].rpartition("\n")[0] + "\n\nand more: `aoa preview` shows all."


def _lines(report: PreviewReport, prices: Prices | None) -> Iterator[str]:
    children = [child for child in report.children if child.address]
    yield f"### Preview of stack `{report.stack}`"
    for failure in report.failures:
        yield from ("", f"**Error:** {failure}")
    for name, why in report.unreachable.items():
        yield from ("", f"**Cluster {name} is out of reach**, so this may not be all: {why}")
    counts = {group: sum(_group(child) == group for child in children) for group in GROUPS}
    yield from ("", ", ".join(f"{count} {group}" for group, count in counts.items() if count) or "No child changes.")
    for group in GROUPS:
        if members := [child for child in children if _group(child) == group]:
            yield from ("", f"**{group.capitalize()}**", "", *HEAD)
            yield from (_row(child, prices) for child in members)
    if children:
        yield from ("", _total(children, prices))


def _group(child: ChildChange) -> str:
    return "replaced" if child.verb is Verb.CHANGED and child.replaces else str(child.verb)


def _row(child: ChildChange, prices: Prices | None) -> str:
    version = " → ".join(dict.fromkeys(each for each in (child.old_version, child.new_version) if each))
    before, after, quota = child.before, child.after, child.quota
    cpu = _delta("cpu", before.cpu, after.cpu, quota.cpu if quota else "")
    memory = _delta("memory", before.memory, after.memory, quota.memory if quota else "")
    cost = _money(after.cost(prices) - before.cost(prices), prices) if prices and before != after else "-"
    return f"| `{child.address}` | {version} | {_what(child)} | {cpu} | {memory} | {cost} |"


def _what(child: ChildChange) -> str:
    """Return what changes, the dangerous first; of what comes or goes as a whole only how much."""
    count = f"{len(child.resources)} resource{'s' if len(child.resources) > 1 else ''}"
    if child.verb is not Verb.CHANGED:
        return count if child.verb is Verb.ADDED else f"**deletes** {count}"
    labelled = [change.resource for change in child.resources if is_label(change)]
    others = sorted((each for each in child.resources if not is_label(each)), key=_danger)
    lines = [_line(change) for change in others[:MOST_LINES]]
    lines += [f"and {len(others) - MOST_LINES} more"] if len(others) > MOST_LINES else []
    lines += [f"labels only: {', '.join(labelled)}"] if labelled else []
    if child.old_image and child.new_image and child.old_image != child.new_image:
        lines.insert(0, f"image `{_short(child.old_image)}` → `{_short(child.new_image)}`")
    return "<br>".join(lines)


def _short(image: str) -> str:
    """Return an image with no more of its digest than tells it apart."""
    name, _, digest = image.partition("@sha256:")
    return f"{name}@{digest[:7]}" if digest else name


def _danger(change: ResourceChange) -> int:
    return [*_WORDS, change.operation].index(change.operation)


def _line(change: ResourceChange) -> str:
    told = [path.removeprefix("spec.template.spec.") for path in change.properties if not path.endswith(VERSION_LABEL)]
    shown = f" `{first(told)}`" if told else ""
    word = _WORDS.get(change.operation, str(change.operation))
    return f"{word} {change.resource or change.type}{shown}".replace("|", "\\|")


def _delta(what: str, before: Decimal, after: Decimal, quota: str) -> str:
    """Return a change against the quota of the namespace: `50m → 100m of 4`."""
    if before == after == 0:
        return "-"
    values = dict.fromkeys((written(what, before), written(what, after)))
    return " → ".join(values) + (f" of {quota}" if quota else "")


def _total(children: list[ChildChange], prices: Prices | None) -> str:
    cpu = sum((child.after.cpu - child.before.cpu for child in children), Decimal(0))
    memory = sum((child.after.memory - child.before.memory for child in children), Decimal(0))
    text = f"In all: cpu {_signed('cpu', cpu)}, memory {_signed('memory', memory)}"
    if prices is None:
        return f"{text}; no cost without `prices` in parent.yaml."
    cost = sum((child.after.cost(prices) - child.before.cost(prices) for child in children), Decimal(0))
    return f"{text}, {_money(cost, prices)} a month, by what pods request and the prices in parent.yaml."


def _signed(what: str, amount: Decimal) -> str:
    return ("-" if amount < 0 else "+") + written(what, abs(amount))


def _money(amount: Decimal, prices: Prices) -> str:
    return f"{amount:+.2f} {prices.currency}"
