"""`Workload`: a long-running Deployment, StatefulSet or DaemonSet, and how it is reached and scaled."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pulumi

from appofapps.catalog.models.workload import Workload as WorkloadModel
from appofapps.plan.plan import PlannedChild
from components.child import Resources
from components.in_cluster import PodComponent
from components.kubernetes.controllers import daemon_set, deployment, profile, stateful_set
from components.kubernetes.scaling import autoscaler, disruption_budget
from components.kubernetes.service import host, ingress, service, url

CONTROLLERS: Final[Mapping[str, Callable[[PlannedChild[WorkloadModel]], dict[str, Any]]]] = {
    "Deployment": deployment,
    "StatefulSet": stateful_set,
    "DaemonSet": daemon_set,
}


class Workload(PodComponent[WorkloadModel]):
    """A workload; it is ready when its controller says that the new pods are."""

    def build(self) -> Resources:
        """Make the controller after everything its pods need, then what looks after them."""
        child = self.planned.child
        document = CONTROLLERS[child.spec.controller](self.planned)
        needed = [*self.pod_needs(), *self._service()]
        controller = self.create_object(child.main_resource, document, needed, awaited=True, ignored=self._ignored())
        self._ingress()
        self._scaling(controller)
        return [controller]

    def _ignored(self) -> list[str]:
        """Return what is left as it is once it is there: the number of pods, when an autoscaler sees to it."""
        scales = profile(self.planned).autoscaling and self.planned.child.spec.controller != "DaemonSet"
        return ["spec.replicas"] if scales else []

    def _service(self) -> Resources:
        spec = self.planned.child.spec
        if not spec.ports and spec.controller != "StatefulSet":
            return []
        self.endpoints["service"] = host(self.planned)
        return [self.create_object("service", service(self.planned))]

    def _ingress(self) -> None:
        address = url(self.planned)
        if address:
            self.endpoints["ingress"] = address
            self.create_object("ingress", ingress(self.planned))

    def _scaling(self, controller: pulumi.Resource) -> None:
        size = profile(self.planned)
        if self.planned.child.spec.controller == "DaemonSet":
            return
        if size.autoscaling:
            self.create_object("autoscaler", autoscaler(self.planned, size.autoscaling), [controller])
        if size.least_replicas > 1:
            self.create_object("disruption-budget", disruption_budget(self.planned))
