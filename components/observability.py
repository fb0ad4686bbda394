"""`Observability`: an OpenTelemetry collector, and what it scrapes."""

from typing import cast

from appofapps.catalog.models.observability import Observability as ObservabilityModel
from appofapps.plan.plan import PlannedChild
from components.child import Resources
from components.kubernetes.collector import configured, pod_names, scraped
from components.workload import Workload


class Observability(Workload):
    """A collector: a workload whose configuration is generated, and names for the pods it scrapes."""

    def build(self) -> Resources:
        """Make the names, then the workload."""
        planned = cast("PlannedChild[ObservabilityModel]", self.planned)
        for target in scraped(planned):
            self.create_object(f"pods-{target.child}", pod_names(planned, target))
        self.planned = configured(planned)  # from here on it is a workload like any other
        return super().build()
