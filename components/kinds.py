"""The component of each kind of child. Adding a kind adds one line here."""

from collections.abc import Mapping
from typing import Any, Final

from components.child import ChildComponent
from components.edge_function import EdgeFunction
from components.function import Function
from components.job import CronJob, Job
from components.pipeline import Pipeline
from components.workload import Workload

KINDS: Final[Mapping[str, type[ChildComponent[Any]]]] = {
    "workload": Workload,
    "job": Job,
    "cron-job": CronJob,
    "function": Function,
    "edge-function": EdgeFunction,
    "pipeline": Pipeline,
}
