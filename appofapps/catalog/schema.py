"""`catalog/schema.json`: what editors complete and check catalog files by; made from the models."""

import json
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from appofapps.catalog.load import KINDS
from appofapps.catalog.models.parent import ClusterFile, EnvironmentFile, ParentFile
from appofapps.catalog.models.tenant import Tenant, TenantPlan
from appofapps.catalog.problems import CatalogError, Problem

FILE: Final = "schema.json"

MODELS: Final[dict[str, tuple[type[BaseModel], ...]]] = {
    "parent": (ParentFile, KINDS["parent"]),
    "environment": (EnvironmentFile,),
    "cluster": (ClusterFile,),
    "tenant": (Tenant,),
    "tenant-plan": (TenantPlan,),
    **{kind: (model,) for kind, model in KINDS.items() if kind != "parent"},
}
"""The models of every kind of file: `parent.yaml` itself, and a nested parent among the children, are both parents."""


def schema() -> dict[str, Any]:
    """Return one JSON schema for all catalog files; `kind` decides which model counts."""
    every = [model for models in MODELS.values() for model in models]
    references, definitions = models_json_schema([(model, "validation") for model in every])
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
