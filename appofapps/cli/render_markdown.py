"""A preview as a comment on a pull request: by child, with what it asks for and costs."""

from collections.abc import Iterator
from decimal import Decimal

from appofapps.catalog.models.parent import Prices
from appofapps.operations.preview import ChildChange, PreviewReport, Verb
from appofapps.plan.checks.quotas import written

GROUPS = ("added", "changed", "replaced", "removed")
HEAD = ("| child | version | resources | cpu | memory | cost a month |", "|---|---|---|---|---|---|")
MOST = 60_000
"""Characters; a comment of GitHub holds 65536."""


def markdown(report: PreviewReport, prices: Prices | None) -> str:
    """Return the comment; `prices` None leaves cost out."""
    lines = list(_lines(report, prices))
    text = "\n".join(lines)
    return text if len(text) <= MOST else text[:MOST].rpartition("\n")[0] + "\n\nand more: `aoa preview` shows all."


def _lines(report: PreviewReport, prices: Prices | None) -> Iterator[str]:
    children = [child for child in report.children if child.address]
    yield f"### Preview of `{report.stack}`"
    yield ""
    yield ", ".join(f"{sum(_group(child) == group for child in children)} {group}" for group in GROUPS)
    for group in GROUPS:
        if members := [child for child in children if _group(child) == group]:
            yield from ("", f"**{group.capitalize()}**", "", *HEAD)
            yield from (_row(child, prices) for child in members)
    yield from ("", _total(children, prices))
    for name, why in report.unreachable.items():
        yield f"\nCluster {name} is out of reach: {why}"
    for failure in report.failures:
        yield f"\n**Error:** {failure}"


def _group(child: ChildChange) -> str:
    return "replaced" if child.verb is Verb.CHANGED and child.replaces else str(child.verb)


def _row(child: ChildChange, prices: Prices | None) -> str:
    version = " → ".join(dict.fromkeys(each for each in (child.old_version, child.new_version) if each))
    resources = ", ".join(f"{change.resource or change.type} {change.operation}" for change in child.resources[:8])
    more = f" and {len(child.resources) - 8} more" if len(child.resources) > 8 else ""
    before, after, quota = child.before, child.after, child.quota
    cpu = _delta("cpu", before.cpu, after.cpu, quota.cpu if quota else "")
    memory = _delta("memory", before.memory, after.memory, quota.memory if quota else "")
    cost = _money(after.cost(prices) - before.cost(prices), prices) if prices else "-"
    return f"| `{child.address}` | {version} | {resources}{more} | {cpu} | {memory} | {cost} |"


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
