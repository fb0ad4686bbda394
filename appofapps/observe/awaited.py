"""What an object says it is waiting for: the engine's own gate, looked at again.

Components write it into the annotation `pulumi.com/waitFor`; the engine holds a run until all of it is so. Read here,
the same words tell a child's health later: a type needs no rule of its own.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from appofapps.plan.conventions import WAIT_FOR

_STEP: Final = re.compile(r"\.(\w+)|\[(\d+)\]|\[\?\((.+?)\)\]")
_TERM: Final = re.compile(r'@((?:\.\w+)+)==(?:"([^"]*)"|\$((?:\.\w+)+))')


def unmet(document: Mapping[str, Any]) -> str:
    """Return the first thing an object waits for, and what is there instead; empty when nothing is left."""
    for expression in _expressions(document):
        path, _, wanted = expression.removeprefix("jsonpath={").partition("}")
        found = next(_select(document, path, document), None)
        wanted = wanted.removeprefix("=")
        if found is None or (wanted and str(found) != wanted):
            return f"waits for {_shown(path)}{f' to be {wanted}' if wanted else ''}{_instead(found)}"
    return ""


def _expressions(document: Mapping[str, Any]) -> list[str]:
    """Return what is awaited; only paths (`jsonpath={…}=value`) are read, which is what our components write."""
    text = document["metadata"].get("annotations", {}).get(WAIT_FOR, "")
    found = json.loads(text) if text.startswith("[") else [text]
    return [each for each in found if each.startswith("jsonpath={")]


def _select(value: object, path: str, root: Mapping[str, Any]) -> Iterator[object]:
    """Yield what a path leads to: names, numbers, and filters that compare with a text or another path."""
    step = _STEP.match(path)
    if step is None:
        yield value
        return
    name, number, terms = step.groups()
    for inner in _inside(value, name, number, terms, root):
        yield from _select(inner, path[step.end() :], root)


def _inside(
    value: object, name: str | None, number: str | None, terms: str | None, root: Mapping[str, Any]
) -> Iterator[object]:
    if name and isinstance(value, Mapping) and name in value:
        yield value[name]
    elif number and isinstance(value, list) and int(number) < len(value):
        yield value[int(number)]
    elif terms and isinstance(value, list):
        yield from (each for each in value if _holds(each, terms, root))


def _holds(value: object, terms: str, root: Mapping[str, Any]) -> bool:
    """Tell whether all comparisons of a filter hold; a path that leads nowhere equals nothing."""
    return all(
        next(_select(value, own, root), None) == (next(_select(root, other, root), None) if other else text)
        for own, text, other in _TERM.findall(terms)
    )


def _shown(path: str) -> str:
    """Return a path as people read it: of a filter only the text it looks for."""
    return re.sub(r'\[\?\(@\.type=="(\w+)".*?\)\]', r".\1", path).removeprefix(".")


def _instead(found: object) -> str:
    return "" if found is None else f", it is {found}"
