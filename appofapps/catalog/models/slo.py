"""Service level objectives."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from appofapps.catalog.models.base import Model, Name, Seconds


class Slo(Model):
    """A service level objective of one child."""

    name: Name
    indicator: Literal["availability", "latency"]
    objective: Annotated[float, Field(gt=0, lt=100)]
    """Percent of good events."""
    window: Seconds = 30 * 86400
    threshold_ms: Annotated[int, Field(gt=0)] | None = None
    """A request slower than this is a bad event; latency only."""

    @model_validator(mode="after")
    def _latency_has_a_threshold(self) -> "Slo":
        if (self.indicator == "latency") != (self.threshold_ms is not None):
            msg = "threshold_ms belongs to indicator: latency, and only there"
            raise ValueError(msg)
        return self
