"""The text of a catalog file, edited: comments, order and layout stay."""

from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

WIDTH: Final = 4096
"""Columns before ruamel.yaml would fold a line; people's lines stay as long as they are."""

SEQUENCE_INDENT: Final = 4, 2
"""Of items and of dashes, where a file has no block sequence yet."""

Fields = Mapping[str, Any]


def edited(text: str, fields: Fields, after: str = "") -> str:
    """Return a file's text with some of its top-level fields set, or taken away where the value is None.

    Mappings are merged key by key, so that the comments within them stay. A new field comes behind the field `after`,
    or at the end.
    """
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.brace_single_entry_mapping_in_flow_sequence = True  # `[{port: 80}]`, not `[port: 80]`
    yaml.width = WIDTH
    document = yaml.load(text)
    yaml.indent(2, *next(_sequence_indents(document), SEQUENCE_INDENT))
    for name, value in fields.items():
        _set(document, name, value, after)
    written = StringIO()
    yaml.dump(document, written)
    return written.getvalue()


def _sequence_indents(mapping: CommentedMap) -> Iterator[tuple[int, int]]:
    """Yield how far the items of each block sequence are from its key, and how far their dashes are.

    Read off the document: ruamel.yaml's own `load_yaml_guess_indent` overlooks a key with a comment behind it.
    """
    for name, value in mapping.items():
        if isinstance(value, CommentedSeq) and value and not value.fa.flow_style():
            column = mapping.lc.key(name)[1]
            yield value.lc.item(0)[1] - column, value.lc.col - column
        elif isinstance(value, CommentedMap):
            yield from _sequence_indents(value)


def _set(mapping: CommentedMap, name: str, value: object, after: str = "") -> None:
    there = mapping.get(name)
    if value is None:
        _remove(mapping, name)
    elif isinstance(there, CommentedMap) and isinstance(value, Mapping):
        _merge(there, value)
    elif name not in mapping and after in mapping:
        mapping.insert(list(mapping).index(after) + 1, name, value)
    elif there != value:
        mapping[name] = value


def _merge(mapping: CommentedMap, wanted: Fields) -> None:
    for name in [name for name in mapping if name not in wanted]:
        _remove(mapping, name)
    for name, value in wanted.items():
        if value is None:
            mapping[name] = None
        else:
            _set(mapping, name, value)


def _remove(mapping: CommentedMap, name: str) -> None:
    """Take a field away; the lines of comment behind it, which speak of what follows, go to the field before it."""
    if name not in mapping:
        return
    names = list(mapping)
    before = names[names.index(name) - 1] if names.index(name) else None
    token = _tail(mapping, name)
    behind = token.value.partition("\n")[2] if token else ""
    last = _tail(mapping, before) if before is not None else None
    del mapping[name]
    if last and behind:
        last.value = last.value.rstrip("\n") + "\n" + behind
    elif behind and before is not None:
        token.value = "\n" + behind
        mapping.ca.items[before] = [None, None, token, None]


def _tail(mapping: CommentedMap | CommentedSeq, key: Any) -> Any:  # noqa: ANN401 - ruamel.yaml's comment token
    """Return the comment that ends a field: it hangs on the last leaf of the field's value."""
    value = mapping[key]
    if isinstance(value, CommentedMap | CommentedSeq) and value and not value.fa.flow_style():
        last = list(value)[-1] if isinstance(value, CommentedMap) else len(value) - 1
        return _tail(value, last)
    found = mapping.ca.items.get(key)
    return next((token for token in found or () if token is not None and hasattr(token, "value")), None)
