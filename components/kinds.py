"""The component of each kind of child. Adding a kind adds one line here."""

from collections.abc import Mapping
from typing import Any, Final

from components.child import ChildComponent
from components.delegated import ArgoCdApplication, FluxKustomization
from components.edge_function import EdgeFunction
from components.function import Function
from components.helm import Helm
from components.job import CronJob, Job
from components.kustomize import Kustomize
from components.manifests import Manifests
from components.mesh import Mesh
from components.observability import Observability
from components.pipeline import Pipeline
from components.policy import Policy
from components.route import Route
from components.stack import Stack
from components.workload import Workload

KINDS: Final[Mapping[str, type[ChildComponent[Any]]]] = {
    "workload": Workload,
    "job": Job,
    "cron-job": CronJob,
    "function": Function,
    "edge-function": EdgeFunction,
    "pipeline": Pipeline,
    "manifests": Manifests,
    "kustomize": Kustomize,
    "helm": Helm,
    "route": Route,
    "mesh": Mesh,
    "policy": Policy,
    "argocd-application": ArgoCdApplication,
    "flux-kustomization": FluxKustomization,
    "stack": Stack,
    "observability": Observability,
}
