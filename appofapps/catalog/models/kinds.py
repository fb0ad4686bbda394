"""The union of all kinds of child. Adding a kind adds one line here."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from appofapps.catalog.models.edge_function import EdgeFunction
from appofapps.catalog.models.function import Function
from appofapps.catalog.models.job import CronJob, Job
from appofapps.catalog.models.nested import NestedParent
from appofapps.catalog.models.pipeline import Pipeline
from appofapps.catalog.models.workload import Workload

Child = Annotated[
    Workload | Job | CronJob | Function | NestedParent | EdgeFunction | Pipeline, Field(discriminator="kind")
]

CHILD: TypeAdapter[Child] = TypeAdapter(Child)
