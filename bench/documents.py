"""The documents that the other sides deploy: the same that our components make of the same catalog."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, cast

from appofapps.catalog.load import load
from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.models.workload import Workload
from appofapps.plan.plan import PlannedChild
from appofapps.plan.resolve import resolve
from bench import catalog
from bench.stage import Children, Document
from components.kubernetes.config import config_map
from components.kubernetes.controllers import deployment
from components.kubernetes.namespace import namespace, quota
from components.kubernetes.service import service

BUILDERS: Final[Sequence[Callable[[PlannedChild[Workload]], Document]]] = (
    namespace, quota, config_map, deployment, service,
)  # fmt: skip


def documents(folder: Path, side: str, children: int) -> Children:
    """Return the documents of each child, in the namespaces of one side; the catalog is written below `folder`."""
    catalog.write(folder / "catalog", children, {side: "quota"})
    plan = resolve(load(folder / "catalog"), StackTarget(environment=side))
    return [_of_child(cast("PlannedChild[Workload]", planned)) for planned in plan.children]


def _of_child(planned: PlannedChild[Workload]) -> list[Document]:
    return [_without_hints(build(planned)) for build in BUILDERS]


def _without_hints(document: Document) -> Document:
    """Leave out what we tell the engine: the others are measured at their default settings."""
    metadata: dict[str, Any] = document["metadata"]
    kept = {key: value for key, value in metadata["annotations"].items() if not key.startswith("pulumi.com/")}
    return {**document, "metadata": {**metadata, "annotations": kept}}
