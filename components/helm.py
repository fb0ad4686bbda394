"""`Helm`: a chart, each of whose objects is a resource, or a release of helm's own."""

import pulumi

from appofapps.catalog.models.helm import RELEASE
from appofapps.catalog.models.helm import Helm as HelmModel
from appofapps.plan.naming import RELEASE_LIMIT, physical_name
from appofapps.plan.patches import patched
from components.charts import digest, location
from components.child import Resources
from components.object import of_this_version
from components.objects import RenderedComponent, Rendering

_HISTORY = 5


class Helm(RenderedComponent[HelmModel]):
    """A chart with its values."""

    secrets_allowed = True

    def build(self) -> Resources:
        """Install the chart, and make the record after it."""
        return self._release() if self.planned.child.spec.engine == "release" else self._chart()

    def _chart(self) -> Resources:
        planned, name = self.planned, f"{self.planned.logical_name}/chart"
        inputs = {
            "chart": location(planned),
            "name": physical_name(planned.name, limit=RELEASE_LIMIT),
            "namespace": planned.name,
            "resourcePrefix": name,
            "values": planned.child.values(planned.environment.tier),
        }
        chart = Rendering("helm.sh/v4:Chart", name, inputs, self._rendering())
        return self._record(chart.resources, digest(planned))

    def _release(self) -> Resources:
        planned = self.planned
        document = {
            "chart": location(planned),
            "name": physical_name(planned.name, limit=RELEASE_LIMIT),
            "namespace": planned.name,
            "values": planned.child.values(planned.environment.tier),
            # One that fails goes back to the last that did not.
            "atomic": True,
            "maxHistory": _HISTORY,
            "timeout": planned.deadline,
            "compat": "true",  # as the SDK's own class says it, whose module takes long to import
        }
        options = self._options([*self.scene.after, *self.scene.before_pods], awaited=True)
        name, inputs = f"{planned.logical_name}/{RELEASE}", patched(planned.child, RELEASE, document)
        release = pulumi.CustomResource("kubernetes:helm.sh/v3:Release", name, dict(inputs), of_this_version(options))
        return self._record([release], digest(planned))
