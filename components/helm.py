"""`Helm`: a chart, each of whose objects is a resource, or a release of helm's own."""

import pulumi

from appofapps.catalog.chart import without_nulls
from appofapps.catalog.models.helm import RELEASE
from appofapps.catalog.models.helm import Helm as HelmModel
from appofapps.plan.naming import RELEASE_LIMIT, physical_name
from appofapps.plan.patches import patched
from appofapps.plan.plan import PlannedChild
from components.charts import digest, location
from components.child import Resources
from components.kubernetes.fields import given
from components.object import of_this_version
from components.objects import RenderedComponent
from components.rendering import Documents, chart

_HISTORY = 5


class Helm(RenderedComponent[HelmModel]):
    """A chart with its values."""

    SECRETS_ALLOWED = True
    TYPE = "kubernetes:helm.sh/v4:Chart"
    PART = "chart"

    @classmethod
    def ask(cls, planned: PlannedChild[HelmModel], provider: pulumi.ProviderResource) -> Documents:
        """Return the chart's objects."""
        return chart(planned, provider)

    def build(self) -> Resources:
        """Install the chart, and make the record after it."""
        made = self._release() if self.planned.child.spec.engine == "release" else self._rendered()
        return self._record(made, digest(self.planned))

    def _release(self) -> Resources:
        planned, values = self.planned, self.planned.child.values(self.planned.environment.tier)
        document = {
            "chart": location(planned),
            "name": physical_name(planned.name, limit=RELEASE_LIMIT),
            "namespace": planned.name,
            "values": values,
            **given(allowNullValues=without_nulls(values) != values or None),
            # One that fails goes back to the last that did not.
            "atomic": True,
            "maxHistory": _HISTORY,
            "timeout": planned.deadline,
            "compat": "true",  # as the SDK's own class says it, whose module takes long to import
        }
        options = self._options([*self.scene.after, *self.scene.before_pods], awaited=True)
        name, inputs = f"{planned.logical_name}/{RELEASE}", patched(planned.child, RELEASE, document)
        return [pulumi.CustomResource("kubernetes:helm.sh/v3:Release", name, dict(inputs), of_this_version(options))]
