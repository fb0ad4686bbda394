"""One YAML file to plain values, by libyaml where it is there; a key given twice is refused."""

from collections.abc import Hashable
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
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"not YAML: {error.problem or error.context}"
        line = mark.line + 1 if mark else None
        raise CatalogError([Problem(file, (), message, _hint(message), line)]) from None
    except yaml.YAMLError as error:
        raise CatalogError([Problem(file, (), f"not YAML: {str(error).splitlines()[0]}")]) from None


def compose(text: str) -> yaml.Node | None:
    """Return the nodes of a text, which know their lines. Raises yaml.YAMLError."""
    return yaml.compose(text, Loader=SafeLoader)


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
