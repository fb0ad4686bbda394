"""The kind `helm`: a chart, rendered by the engine's provider or run by helm's own engine."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal, get_args

from pydantic import Field

from appofapps.catalog.chart import Fault, faults, misfits, over, read_chart
from appofapps.catalog.models.base import Model, Tier
from appofapps.catalog.models.child import Source, Where
from appofapps.catalog.models.manifests import Folder
from appofapps.catalog.models.objects import ObjectsChild, ObjectsSpec
from appofapps.catalog.objects import Written
from appofapps.catalog.problems import Problem

RELEASE: Final = "release"
"""What a patch calls a release of helm's own."""
Digest = Annotated[str, Field(pattern=r"^sha256:[a-f0-9]{64}$")]
ChartVersion = Annotated[str, Field(pattern=r"^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$")]


class LocalChart(Model):
    """A chart in the catalog."""

    folder: Folder
    """The folder of its Chart.yaml, relative to the catalog; charts it depends on lie in its `charts/`."""
    digest: Digest | None = None
    """The expected hash of the folder; None accepts what it holds."""


class RepositoryChart(Model):
    """A chart of a chart repository."""

    repository: Annotated[str, Field(pattern=r"^https?://\S+$")]
    name: Annotated[str, Field(pattern=r"^[a-z0-9][-a-z0-9_.]*$")]
    version: ChartVersion
    digest: Digest
    """Of the archive, as `sha256sum` prints it for what `helm pull` fetches."""


class OciChart(Model):
    """A chart of an OCI registry."""

    oci: Annotated[str, Field(pattern=r"^oci://\S+$")]
    version: ChartVersion
    digest: Digest
    """Of the archive, as `sha256sum` prints it for what `helm pull` fetches."""
    plain_http: bool = False
    """True for a registry without TLS; the digest holds all the same."""


FetchedChart = RepositoryChart | OciChart


class HelmProfile(Model):
    """What differs from tier to tier."""

    values: dict[str, Any] = {}
    """Over those of the `spec`: mappings merge, everything else is replaced, null removes what spec and chart say."""


class HelmSpec(ObjectsSpec):
    """Which chart, and with which values."""

    engine: Literal["chart", "release"] = "chart"
    """`chart`: each object is a resource in preview and state; hooks are not run, so charts with hooks are refused.
    `release`: helm installs it whole, hooks included, and goes back when that fails; objects have no labels of ours."""
    chart: LocalChart | RepositoryChart | OciChart
    values: dict[str, Any] = {}
    """Over those of the chart, by the same rules."""


class Helm(ObjectsChild):
    """A chart with its values."""

    RESOURCES: ClassVar[frozenset[str]] = ObjectsChild.RESOURCES | {RELEASE}

    kind: Literal["helm"]
    profiles: dict[Tier, HelmProfile] = {}
    spec: HelmSpec

    @property
    def source(self) -> Source | None:
        """The folder of a local chart."""
        chart = self.spec.chart
        if not isinstance(chart, LocalChart):
            return None
        return Source(chart.folder, ("spec", "chart", "folder"), chart.digest, ("spec", "chart", "digest"))

    def values(self, tier: Tier) -> dict[str, Any]:
        """Return the values in a tier; None removes the chart's own."""
        profile = self.profiles.get(tier)
        return over(self.spec.values, profile.values if profile else {})

    @property
    def labels_pods(self) -> bool:
        """What helm's own engine makes is as the chart has it."""
        return self.spec.engine == "chart"

    def may_have(self, resource: str) -> bool:
        """Tell whether a patch may address it: objects under `engine: chart`, the release under the other."""
        released = self.spec.engine == "release"
        if resource == RELEASE or "/" in resource:
            return (resource == RELEASE) == released
        return super().may_have(resource)

    def examine(self, folder: Path, objects: tuple[Written, ...], file: Path) -> Iterator[Problem]:
        """Refuse hooks that would not run, definitions without permission, and values that the chart refuses."""
        del objects
        for fault in self.faults(folder):
            yield Problem(file, fault.at, fault.message, fault.hint)

    def faults(self, chart: Path) -> tuple[Fault, ...]:
        """Return what is wrong with a chart, which is a folder or an archive, and with the values for it."""
        files = read_chart(chart)
        refused = dict.fromkeys(fault for tier in get_args(Tier) for fault in self._misfits(files, tier))
        return (*faults(files, self.spec.engine, self.spec.cluster_scoped), *refused)

    def _misfits(self, files: Mapping[str, str], tier: Tier) -> Iterator[Fault]:
        for path, why in misfits(files, self.values(tier)):
            where = ".".join(map(str, path))
            message = f"values{'.' if where else ''}{where}: {why}"
            yield Fault(self._place(path, tier), message, "values.schema.json of the chart says so")

    def _place(self, path: Where, tier: Tier) -> Where:
        """Return where a value is written: in the profile of the tier, or else in the spec."""
        here: Any = self.profiles[tier].values if tier in self.profiles else {}
        for step in path:
            here = here.get(step) if isinstance(here, dict) else None
        inner = ("profiles", tier, "values") if here is not None and path else ("spec", "values")
        return (*inner, *path)
