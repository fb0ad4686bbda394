"""Connectors: what a pipeline may begin and end with."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from appofapps.catalog.models.base import Model, Name
from appofapps.catalog.models.child import Store

ConnectorVersion = Literal["1.0.0"]
"""How a connector is wired; a later wiring is a version of its own, so that no running pipeline changes by itself."""


class SqsSource(Model):
    """A queue of the pipeline's own that others send to."""

    connector: Literal["sqs"]
    version: ConnectorVersion
    queue: Name


class S3Source(Model):
    """A bucket of the pipeline's own; its notifications are the events."""

    connector: Literal["s3"]
    version: ConnectorVersion
    bucket: Name
    events: tuple[Literal["s3:ObjectCreated:*", "s3:ObjectRemoved:*"], ...] = ("s3:ObjectCreated:*",)
    prefix: str = ""
    suffix: str = ""


class ScheduleSource(Model):
    """An EventBridge schedule; each time it comes is one event."""

    connector: Literal["schedule"]
    version: ConnectorVersion
    expression: Annotated[str, Field(pattern=r"^(rate|cron)\(.+\)$")]


class KinesisSource(Model):
    """A stream of the pipeline's own, on demand, that others put records into."""

    connector: Literal["kinesis"]
    version: ConnectorVersion
    stream: Name
    starting_position: Literal["TRIM_HORIZON", "LATEST"] = "TRIM_HORIZON"


class SqsSink(Model):
    """A queue of the pipeline's own that others read."""

    connector: Literal["sqs"]
    version: ConnectorVersion
    queue: Name


class KinesisSink(Model):
    """A stream of the pipeline's own, on demand, that others read."""

    connector: Literal["kinesis"]
    version: ConnectorVersion
    stream: Name
    partition_key: Annotated[str, Field(min_length=1, max_length=256)]
    """A constant, or a path into the event: `$.body.order`."""


class FunctionSink(Model):
    """A function that is called with the events and whose answer nobody reads."""

    connector: Literal["function"]
    version: ConnectorVersion
    function: Name


Source = SqsSource | S3Source | ScheduleSource | KinesisSource
Sink = SqsSink | KinesisSink | FunctionSink


def stored(end: Source | Sink, field: str) -> Iterator[Store]:
    """Yield what of a pipeline's own a connector reads or writes; `field` is where the file says so."""
    match end:
        case S3Source():
            yield Store("bucket", end.bucket, ("spec", field, "bucket"))
        case KinesisSource() | KinesisSink():
            yield Store("stream", end.stream, ("spec", field, "stream"))
        case SqsSource() | SqsSink():
            yield Store("queue", end.queue, ("spec", field, "queue"))
        case _:
            return
