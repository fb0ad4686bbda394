"""`catalog/schema.json`: what editors complete and check catalog files by; made from the models."""

import ast
import inspect
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from appofapps.catalog.load import KINDS
from appofapps.catalog.models.base import Model
from appofapps.catalog.models.parent import ClusterFile, EnvironmentFile, ParentFile
from appofapps.catalog.models.previews import Previews
from appofapps.catalog.models.tenant import Tenant, TenantPlan
from appofapps.catalog.problems import CatalogError, Problem

FILE: Final = "schema.json"

MODELS: Final[dict[str, tuple[type[BaseModel], ...]]] = {
    "parent": (ParentFile, KINDS["parent"]),
    "environment": (EnvironmentFile,),
    "cluster": (ClusterFile,),
    "previews": (Previews,),
    "tenant": (Tenant,),
    "tenant-plan": (TenantPlan,),
    **{kind: (model,) for kind, model in KINDS.items() if kind != "parent"},
}
"""The models of every kind of file: `parent.yaml` itself, and a nested parent among the children, are both parents."""


def schema() -> dict[str, Any]:
    """Return one JSON schema for all catalog files; `kind` decides which model counts."""
    every = [model for models in MODELS.values() for model in models]
    references, definitions = models_json_schema([(model, "validation") for model in every])
    _describe(definitions["$defs"])
    branches = [
        {
            "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
            "then": {"anyOf": [references[model, "validation"] for model in models]},
        }
        for kind, models in MODELS.items()
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A file of an app-of-apps catalog",
        "type": "object",
        "required": ["apiVersion", "kind"],
        "properties": {"kind": {"enum": list(MODELS)}},
        "allOf": branches,
        **definitions,
    }


def _describe(definitions: dict[str, Any]) -> None:
    """Add to every field what its docstring says.

    Pydantic does the same as `use_attribute_docstrings`, but whenever a model is imported: a quarter of a second that
    every command and every program would wait.
    """
    for model in _models(Model):
        key = re.sub(r"\W", "_", model.__name__)  # as Pydantic writes `Override[JobProfile]`
        if key not in definitions:
            continue
        properties = definitions[key]["properties"]
        for name, text in _docstrings(model).items():
            if name in model.model_fields:
                field = model.model_fields[name].alias or name
                properties[field] = dict(sorted({"description": text, **properties[field]}.items()))


def _models(base: type[Model]) -> Iterator[type[Model]]:
    for model in base.__subclasses__():
        yield model
        yield from _models(model)


def _docstrings(model: type[Model]) -> dict[str, str]:
    """Return the docstrings of a model's fields: a string right after the field."""
    found: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if each is not Model and issubclass(each, Model) and each.__name__.isidentifier():
            (definition,) = ast.parse(inspect.getsource(each)).body
            assert isinstance(definition, ast.ClassDef)
            for field, said in pairwise([*definition.body, ast.Pass()]):
                match field, said:
                    case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                        found[name] = inspect.cleandoc(text)
                    case ast.AnnAssign(target=ast.Name(id=name)), _:
                        found.pop(name, None)
    return found


def schema_text() -> str:
    """Return the schema as its file holds it."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def is_fresh(root: Path) -> bool:
    """Tell whether the schema file of a catalog is that of the models."""
    file = root / FILE
    return file.is_file() and file.read_text(encoding="utf-8") == schema_text()


def write_schema(root: Path) -> Path:
    """Write the schema file of a catalog and return its path. Raises CatalogError where there is no catalog."""
    if not root.is_dir():
        raise CatalogError([Problem(root, (), "no such folder", "give the folder of parent.yaml: --catalog DIR")])
    file = root / FILE
    file.write_text(schema_text(), encoding="utf-8")
    return file
