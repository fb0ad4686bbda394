"""The kind `observability`: an OpenTelemetry collector, and what it scrapes."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from appofapps.catalog.models.base import Name, Seconds
from appofapps.catalog.models.child import Call, ChildFile
from appofapps.catalog.models.pod import AbsolutePath, Port, Probe
from appofapps.catalog.models.workload import Workload, WorkloadSpec

HEALTH_PORT = 13133
GENERATED = ("args", "config", "volumes", "mounts")


class ObservabilitySpec(WorkloadSpec):
    """A workload whose configuration is generated: `args`, `config`, `volumes` and `mounts` stay empty."""

    ports: tuple[Port, ...] = (Port(name="otlp", port=4317), Port(name="otlp-http", port=4318))
    """Where children send to, once they need the collector."""
    readiness: Probe | None = Probe(http="/", port=HEALTH_PORT)
    export_to: Annotated[str, Field(pattern=r"^https?://\S+$")]
    """Where metrics, traces and logs go, by OTLP over HTTP; `egress` must let them out."""
    scrape: tuple[Name, ...] = ()
    """Children whose pods are asked for metrics, at their first port."""
    scrape_path: AbsolutePath = "/metrics"
    scrape_interval: Seconds = 30

    @model_validator(mode="after")
    def _is_generated(self) -> Self:
        given = [field for field in GENERATED if getattr(self, field)]
        if given:
            msg = f"{', '.join(given)}: generated for a collector; remove it, or describe a workload"
            raise ValueError(msg)
        return self


class Observability(Workload):
    """A collector."""

    kind: Literal["observability"]  # type: ignore[assignment]  # in all else it is a workload
    spec: ObservabilitySpec

    @model_validator(mode="after")
    def _needs_what_it_scrapes(self) -> Self:
        missing = sorted(set(self.spec.scrape) - set(self.needs))
        if missing:
            msg = f"scraped children that are not in needs: {', '.join(missing)}; add them: that opens the network"
            raise ValueError(msg)
        return self

    @property
    def reaches(self) -> tuple[Call, ...]:
        """The children it scrapes."""
        return tuple(Call(name, ("spec", "scrape", index)) for index, name in enumerate(self.spec.scrape))

    def finds(self, other: ChildFile) -> bool:
        """Tell whether it could ask each pod of another, which it finds by their labels."""
        return bool(other.open_ports) and other.labels_pods
