"""The stacks of a project: what each `Pulumi.<stack>.yaml` takes of the catalog."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from appofapps.catalog.document import parse, read_text
from appofapps.catalog.explain import explain
from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.problems import CatalogError, Problem

PREFIX: Final = "app-of-apps:"
"""What Pulumi puts before the settings of this project."""
OTHER_SETTINGS: Final = frozenset({"confirm-deletions"})
"""Settings of ours that do not choose children."""


def stack_file(project: Path, stack: str) -> Path:
    """Return the settings file of a stack."""
    return project / f"Pulumi.{stack}.yaml"


def load_stacks(project: Path) -> Mapping[str, StackTarget]:
    """Return the target of every stack that has a settings file in a project, by name.

    Raises CatalogError with every problem of every file.
    """
    targets: dict[str, StackTarget] = {}
    problems: list[Problem] = []
    for file in sorted(project.glob("Pulumi.*.yaml")):
        try:
            targets[file.name.removeprefix("Pulumi.").removesuffix(".yaml")] = _load(file)
        except CatalogError as error:
            problems += error.problems
    if problems:
        raise CatalogError(problems)
    return targets


def _load(file: Path) -> StackTarget:
    document = parse(file, read_text(file)) or {}
    config = document.get("config") if isinstance(document, Mapping) else None
    ours = {
        str(key).removeprefix(PREFIX): value
        for key, value in (config.items() if isinstance(config, Mapping) else ())
        if str(key).startswith(PREFIX)
    }
    problems = tuple(_problems(file, ours))
    if problems:
        raise CatalogError(problems)
    return StackTarget.model_validate(_target(ours))


def _problems(file: Path, ours: Mapping[str, Any]) -> Iterator[Problem]:
    known = StackTarget.model_fields.keys() | OTHER_SETTINGS
    for key in ours.keys() - known:
        yield Problem(file, ("config", PREFIX + key), f"unknown setting {PREFIX + key!r}", did_you_mean(key, known))
    try:
        StackTarget.model_validate(_target(ours))
    except ValidationError as error:
        for problem in explain(file, _target(ours), error, StackTarget):
            path = ("config", PREFIX + str(problem.path[0]), *problem.path[1:])
            hint = problem.hint.replace("`environment:`", f"`{PREFIX}environment: NAME` under `config:`")
            yield Problem(file, path, problem.message, hint)


def _target(ours: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in ours.items() if key in StackTarget.model_fields}
