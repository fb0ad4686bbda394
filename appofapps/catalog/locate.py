"""The line of a problem, looked up when it is printed: keeping all lines would cost more than all values."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from appofapps.catalog.document import compose
from appofapps.catalog.problems import Problem, Step


@dataclass(frozen=True, slots=True)
class Found:
    """A problem and the line it is in; None where the file has no lines."""

    problem: Problem
    line: int | None

    def __str__(self) -> str:
        """Return the problem as it is printed: `catalog/apps/cart.yaml:12: what is wrong; what to type instead`."""
        place = f"{relative(self.problem.file)}:{self.line}" if self.line else str(relative(self.problem.file))
        hint = f"; {self.problem.hint}" if self.problem.hint else ""
        return f"{place}: {self.problem.message}{hint}"


def locate_all(problems: Iterable[Problem]) -> tuple[Found, ...]:
    """Return problems with their lines, by file and line."""
    found = {locate(problem) for problem in problems}
    return tuple(sorted(found, key=lambda each: (str(each.problem.file), each.line or 0, each.problem.message)))


def locate(problem: Problem) -> Found:
    """Return a problem with the line its path leads to; where the path ends early, the last line on the way."""
    return Found(problem, problem.line or line_within(problem.file, 0, problem.path))


def relative(file: Path) -> Path:
    """Return a path relative to the current folder where that is shorter to read, else as it is."""
    return file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file


def line_within(file: Path, index: int, path: tuple[Step, ...]) -> int | None:
    """Return the line of a place in one of the documents of a file; None for what is no YAML file."""
    try:
        node = compose(file.read_text(encoding="utf-8"), index)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None
    line = node.start_mark.line + 1 if node and index else 1
    for step in path:
        entry = _entry(node, step)
        if entry is None:
            break
        mark, node = entry
        line = mark.line + 1
    return line


def _entry(node: yaml.Node | None, step: Step) -> tuple[yaml.Mark, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key.start_mark, value) for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark, node.value[step]
    return None
