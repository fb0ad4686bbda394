"""One YAML file to plain values, by libyaml where it is there; a key given twice is refused."""

from collections.abc import Hashable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from appofapps.catalog.problems import CatalogError, Problem

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML without libyaml: the same values, ten times slower
    from yaml import SafeLoader  # type: ignore[assignment]

_MERGE = "tag:yaml.org,2002:merge"
_HINTS = (
    ("cannot start any token", "indent with spaces, not with tabs; a value that begins with @, % or ` needs quotes"),
    ("found another document", "write one document a file; remove the `---` between them"),
    ("mapping values are not allowed", "check the indentation; a value with a colon in it needs quotes"),
    ("did not find expected", "check the indentation, and that brackets and quotes are closed"),
)


def read_text(file: Path) -> str:
    """Return the text of a file. Raises CatalogError when it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CatalogError([Problem(file, (), "is not UTF-8 text", "save it as UTF-8")]) from None
    except OSError as error:
        raise CatalogError([Problem(file, (), f"cannot be read: {error.strerror}")]) from None


def parse(file: Path, text: str) -> Any:  # noqa: ANN401 (YAML holds anything)
    """Return the values of a file's text. Raises CatalogError with the line of a syntax error."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 (a subclass of the safe loader)
    except yaml.YAMLError as error:
        raise CatalogError([_syntax_error(file, error)]) from None


def parse_all(file: Path, text: str) -> Iterator[Any]:
    """Yield the values of each document of a text. Raises CatalogError with the line of a syntax error."""
    try:
        yield from yaml.load_all(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise CatalogError([_syntax_error(file, error)]) from None


def compose(text: str, index: int = 0) -> yaml.Node | None:
    """Return the nodes of a text, or of one of its documents; they know their lines. Raises yaml.YAMLError."""
    return next(islice(yaml.compose_all(text, Loader=SafeLoader), index, None), None)


def _syntax_error(file: Path, error: yaml.YAMLError) -> Problem:
    if not isinstance(error, yaml.MarkedYAMLError):
        return Problem(file, (), f"not YAML: {str(error).splitlines()[0]}")
    mark = error.problem_mark or error.context_mark
    message = f"not YAML: {error.problem or error.context}"
    return Problem(file, (), message, _hint(message), mark.line + 1 if mark else None)


def _hint(message: str) -> str:
    return next((hint for part, hint in _HINTS if part in message), "")


class _Loader(SafeLoader):
    """The safe loader, strict about keys: PyYAML itself lets the last of two equal keys win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        if len({key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)}) != len(node.value):
            _refuse_duplicates(node)
        return super().construct_mapping(node, deep)


def _refuse_duplicates(node: yaml.MappingNode) -> None:
    seen: dict[str, int] = {}
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.tag == _MERGE:
            continue
        if key.value in seen:
            message = f"the key {key.value!r} is given twice, first in line {seen[key.value]}"
            raise yaml.constructor.ConstructorError(None, None, message, key.start_mark)
        seen[key.value] = key.start_mark.line + 1
