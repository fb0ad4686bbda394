"""The graph of needs as text that drawing tools read."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from appofapps.operations.planning import ChildPlan, PlanReport
from appofapps.plan.plan import Address


def draw(report: PlanReport, language: str) -> str:
    """Return the children and their needs; an arrow leads from a need to what waits for it.

    `language` is `mermaid` (https://mermaid.js.org/syntax/flowchart.html) or `dot` (https://graphviz.org/doc/info/lang.html).
    """
    return "\n".join(LANGUAGES[language](report))


def _mermaid(report: PlanReport) -> Iterator[str]:
    yield "flowchart LR"
    for child in report.children:
        yield f'  {_id(child.address)}["{_label(child, "<br/>")}"]'
    for need, dependent, outside in _edges(report):
        yield f"  {_id(need)} {'-.->' if outside else '-->'} {_id(dependent)}"


def _dot(report: PlanReport) -> Iterator[str]:
    yield f'digraph "{report.parent}" {{'
    yield "  rankdir=LR; node [shape=box];"
    for child in report.children:
        yield f'  "{child.address}" [label="{_label(child, chr(92) + "n")}"];'
    for need, dependent, outside in _edges(report):
        yield f'  "{need}" -> "{dependent}"{" [style=dashed]" if outside else ""};'
    yield "}"


def _edges(report: PlanReport) -> Iterator[tuple[Address, Address, bool]]:
    for child in report.children:
        for need in child.needs:
            yield need, child.address, False
        for need in child.outside_needs:
            yield need, child.address, True


def _label(child: ChildPlan, newline: str) -> str:
    return f"{child.address}{newline}{child.kind} {child.version}{newline}{child.owner}"


def _id(address: Address) -> str:
    return str(address).replace("@", "__").replace("-", "_")


LANGUAGES: Final[Mapping[str, Callable[[PlanReport], Iterator[str]]]] = {"mermaid": _mermaid, "dot": _dot}
