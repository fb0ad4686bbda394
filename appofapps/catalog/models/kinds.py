"""The union of all kinds of child. Adding a kind adds one line here."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from appofapps.catalog.models.delegated import ArgoCdApplication, FluxKustomization
from appofapps.catalog.models.edge_function import EdgeFunction
from appofapps.catalog.models.function import Function
from appofapps.catalog.models.helm import Helm
from appofapps.catalog.models.job import CronJob, Job
from appofapps.catalog.models.kustomize import Kustomize
from appofapps.catalog.models.manifests import Manifests
from appofapps.catalog.models.mesh import Mesh
from appofapps.catalog.models.nested import NestedParent
from appofapps.catalog.models.observability import Observability
from appofapps.catalog.models.pipeline import Pipeline
from appofapps.catalog.models.policy import Policy
from appofapps.catalog.models.route import Route
from appofapps.catalog.models.stack import Stack
from appofapps.catalog.models.workload import Workload

Child = Annotated[
    Workload | Job | CronJob | Function | NestedParent | EdgeFunction | Pipeline | Manifests | Kustomize | Helm
    | Route
    | Mesh
    | Policy
    | ArgoCdApplication
    | FluxKustomization
    | Stack
    | Observability,
    Field(discriminator="kind"),
]  # fmt: skip

CHILD: TypeAdapter[Child] = TypeAdapter(Child)
