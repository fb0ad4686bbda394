"""Helm charts as files: what can be known of one before it is rendered."""

import re
import tarfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple

import yaml
from jsonschema import SchemaError
from jsonschema.validators import validator_for

from appofapps.catalog import objects
from appofapps.catalog.models.child import Where

Files = Mapping[str, str]
"""The texts of a chart by their name within it."""

_HOOK = re.compile(r"""^\s*["']?helm\.sh/hook["']?\s*:\s*(.*)$""", re.MULTILINE)
_TESTS: Final = frozenset({"test", "test-success", "test-failure"})
"""Hooks that run only when somebody says `helm test`."""
_TEXTS: Final = frozenset({".yaml", ".yml", ".tpl", ".json"})


class Fault(NamedTuple):
    """Something that is wrong with a chart or its values."""

    at: Where
    """In the child's file."""
    message: str
    hint: str = ""


def read_chart(source: Path) -> Files:
    """Return the texts of a chart in a folder or an archive."""
    if source.is_dir():
        files = {file.relative_to(source).as_posix(): file.read_bytes() for file in source.rglob("*") if file.is_file()}
    else:
        files = dict(_unpacked(source))
    texts = {name: content for name, content in files.items() if PurePosixPath(name).suffix in _TEXTS}
    return {name: texts[name].decode("utf-8", "replace") for name in sorted(texts)}


def _unpacked(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive; its outermost folder is named like the chart."""
    with tarfile.open(archive) as opened:
        for member in opened:
            content = opened.extractfile(member)
            if content:
                yield PurePosixPath(*PurePosixPath(member.name).parts[1:]).as_posix(), content.read()


def faults(files: Files, engine: str, allowed: Collection[str]) -> Iterator[Fault]:
    """Yield what is wrong with a chart, whatever its values; `allowed` are kinds of the whole cluster."""
    if "Chart.yaml" not in files:
        yield Fault(("spec", "chart"), "spec.chart: has no Chart.yaml: not a chart", "give the folder that holds it")
    for name, hook in _hooks(files) if engine == "chart" else ():
        message = f"spec.engine: {name} is a hook ({hook}), which `engine: chart` would leave out"
        yield Fault(("spec", "engine"), message, "write `engine: release`")
    kind = "CustomResourceDefinition"
    if kind not in allowed and any(name.startswith("crds/") for name in files):
        message = f"spec.chart: crds/ holds definitions; {kind.lower()} {objects.CLUSTER_WIDE}"
        yield Fault(("spec", "chart"), message, objects.permission(kind))


def _hooks(files: Files) -> Iterator[tuple[str, str]]:
    """Yield the templates that are hooks, and when each would run."""
    for name, text in files.items():
        for match in _HOOK.finditer(text) if "templates/" in name else ():
            hook = match[1].strip().strip("\"'")
            if not set(re.split(r"[,\s]+", hook)) <= _TESTS:
                yield name, hook


def misfits(files: Files, values: Mapping[str, Any]) -> Iterator[tuple[Where, str]]:
    """Yield the values that the chart's `values.schema.json` refuses: the path of each, and why.

    Held against the schema are the chart's own values with these over them, as helm does it.
    """
    if "values.schema.json" not in files:
        return
    schema = yaml.safe_load(files["values.schema.json"])
    validator = validator_for(schema)
    try:
        validator.check_schema(schema)
    except SchemaError as error:
        yield (), f"the chart's values.schema.json is no schema: {error.message}"
        return
    defaults = yaml.safe_load(files.get("values.yaml", "")) or {}
    for misfit in validator(schema).iter_errors(without_nulls(over(defaults, values))):
        yield tuple(misfit.absolute_path), misfit.message


def over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with others over them, as helm does it: mappings merge, lists are replaced, None stays.

    Not the merge of patches (`plan/patches.py`), for which a list of named objects is a mapping by name.

    >>> over({"image": {"tag": "1", "pull": "Always"}}, {"image": {"tag": "2", "pull": None}})
    {'image': {'tag': '2', 'pull': None}}
    """
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = over(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged


def without_nulls(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as templates see them: what is None is not there, the chart's own value neither."""
    return {
        key: without_nulls(value) if isinstance(value, Mapping) else value
        for key, value in values.items()
        if value is not None
    }
