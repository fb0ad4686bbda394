"""The kind `pipeline`: what comes out of a source goes through functions, one after another, into a sink.

Each step is an EventBridge Pipe whose enrichment is the function's alias: it is called with a list of events, and what
it returns, at most ten, goes on, each element as one message.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from appofapps.catalog.models.base import Model, Name, Seconds, repeated
from appofapps.catalog.models.child import Call, ChildFile, RunsIn, Store
from appofapps.catalog.models.connectors import KinesisSource, Sink, Source, SqsSource, stored


class Step(Model):
    """A function of the catalog that the events go through."""

    function: Name

    @model_validator(mode="before")
    @classmethod
    def _no_jobs(cls, step: object) -> object:
        if isinstance(step, Mapping) and "job" in step:
            msg = (
                "a job runs once a release, in a cluster that no event reaches: write `function: NAME` here, "
                "or take the kind cron-job for work in a cluster at certain times"
            )
            raise ValueError(msg)
        return step


class PipelineSpec(Model):
    """Source, steps, sink; and when somebody is to look."""

    source: Annotated[Source, Field(discriminator="connector")]
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=10)]
    sink: Annotated[Sink, Field(discriminator="connector")]
    batch_size: Annotated[int, Field(ge=1, le=10)] = 1
    """The most events a function gets at once. A batch that fails is tried again as a whole."""
    receives: Annotated[int, Field(ge=1, le=1000)] = 5
    """How often an event is tried at a step before it is a dead letter."""
    lag: Seconds = 300
    """An alarm rises when an event waits longer than this for a step."""

    @field_validator("sink", mode="before")
    @classmethod
    def _no_buckets_at_the_end(cls, sink: object) -> object:
        if isinstance(sink, Mapping) and sink.get("connector") == "s3":
            msg = (
                "a pipe cannot write to a bucket, and what an object is to be called only the code knows: "
                "write `connector: function` with a function that puts it there"
            )
            raise ValueError(msg)
        return sink

    @field_validator("steps")
    @classmethod
    def _each_step_once(cls, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        if twice := repeated(step.function for step in steps):
            msg = f"{', '.join(twice)} twice; queues are named by their step, so each may be there once"
            raise ValueError(msg)
        return steps


class Pipeline(ChildFile):
    """A pipeline, in each region its clusters are in. The functions it calls are among its needs."""

    RUNS_IN: ClassVar[RunsIn] = "region"
    RESOURCES: ClassVar[frozenset[str]] = frozenset({
        "role", "role-policy", "dead-letters", "dead-letters-alarm", "source-bucket", "source-notification",
        "source-schedule", "source-schedule-target", "source-stream", "sink-queue", "sink-stream",
    })  # fmt: skip

    kind: Literal["pipeline"]
    spec: PipelineSpec

    @model_validator(mode="before")
    @classmethod
    def _needs_what_it_calls(cls, document: Any) -> Any:  # noqa: ANN401 - whatever the file says
        if not isinstance(document, Mapping):
            return document
        spec, needs = document.get("spec"), document.get("needs", [])
        if not isinstance(spec, Mapping) or not isinstance(needs, list | tuple):
            return document
        steps, sink = spec.get("steps"), spec.get("sink")
        called = [*(steps if isinstance(steps, list | tuple) else ()), sink]
        names = [each["function"] for each in called if isinstance(each, Mapping) and "function" in each]
        return {**document, "needs": list(dict.fromkeys([*needs, *names]))}

    @model_validator(mode="after")
    def _no_secrets(self) -> Self:
        if self.secrets:
            msg = "secrets: a pipeline runs no code of its own; give them to the functions it calls"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _stores_apart(self) -> Self:
        if twice := repeated(f"{store.what} {store.name!r}" for store in self.stores):
            msg = f"{', '.join(twice)} has two uses in this pipeline; rename the one in source or sink"
            raise ValueError(msg)
        return self

    @property
    def main_resource(self) -> str:
        """The pipe of the first step: it is made last, when everything behind it is there."""
        return f"pipe-{self.spec.steps[0].function}"

    @property
    def main_type(self) -> str:
        """A pipe; there is one a step."""
        return "pipes/pipe:Pipe"

    @property
    def calls(self) -> tuple[Call, ...]:
        """The functions of its steps and of its sink."""
        steps = tuple(
            Call(step.function, ("spec", "steps", index, "function")) for index, step in enumerate(self.spec.steps)
        )
        sink = self.spec.sink
        return (*steps, Call(sink.function, ("spec", "sink", "function"))) if sink.connector == "function" else steps

    @property
    def stores(self) -> tuple[Store, ...]:
        """What it reads and writes, the queues between its steps, and the queue of dead letters."""
        source, sink = self.spec.source, self.spec.sink
        inner = self.spec.steps[isinstance(source, SqsSource | KinesisSource) :]
        first = len(self.spec.steps) - len(inner)
        between = (
            Store("queue", self.queue_before(step.function), ("spec", "steps", first + index, "function"))
            for index, step in enumerate(inner)
        )
        return (
            *stored(source, "source"),
            *between,
            *stored(sink, "sink"),
            Store("queue", self.dead_letters, ("name",)),
        )

    @property
    def dead_letters(self) -> str:
        """The name, in the catalog, of the queue of what failed too often."""
        return f"{self.identity}-dead-letters"

    def queue_before(self, step: str) -> str:
        """Return the name, in the catalog, of the queue that a step reads, where it is not the source itself."""
        return f"{self.identity}-{step}"
