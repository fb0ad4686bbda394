"""A pipeline: before each step a queue or a stream, and a pipe that takes events from it through the function."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from appofapps.catalog.models.connectors import (
    FunctionSink,
    KinesisSink,
    KinesisSource,
    S3Source,
    ScheduleSource,
    SqsSink,
    SqsSource,
)
from appofapps.catalog.models.pipeline import Pipeline
from appofapps.plan.plan import PlannedChild
from components.aws import arns, identity

PRINCIPALS: Final = ("pipes",)
_BETWEEN_TRIES: Final = 6 * 60
"""Seconds; longer than the five minutes that a pipe waits for its function at most:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html"""
_FOURTEEN_DAYS: Final = 14 * 86400

Document = dict[str, Any]
Planned = PlannedChild[Pipeline]


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: what it reads, which function it calls, and where the answers go."""

    step: str
    queue: str | None
    """The physical name of the queue before it; None where that is a stream."""
    source: str
    function: str
    target: str


def stages(planned: Planned) -> Sequence[Stage]:
    """Return the steps in order, with the ARNs between them."""
    spec = planned.child.spec
    names = [step.function for step in spec.steps]
    queues: list[str | None] = [first_queue(planned), *(_inner_queue(planned, name) for name in names[1:])]
    sources = [_queue_arn(planned, queue) if queue else _source_stream(planned) for queue in queues]
    targets = [*sources[1:], sink_arn(planned)]
    return [
        Stage(name, queue, source, arns.called(planned, name), target)
        for name, queue, source, target in zip(names, queues, sources, targets, strict=True)
    ]


def dead_letters(planned: Planned) -> Document:
    """Return the queue of what failed too often at any step; SQS remembers where each message came from."""
    return {**_queue(planned, dead_letters_name(planned)), "messageRetentionSeconds": _FOURTEEN_DAYS}


def stage_queue(planned: Planned, stage: Stage) -> Document:
    """Return the queue before a step; an event that failed there is tried again when it is visible again."""
    assert stage.queue
    target = _queue_arn(planned, dead_letters_name(planned))
    redrive = {"deadLetterTargetArn": target, "maxReceiveCount": planned.child.spec.receives}
    return {
        **_queue(planned, stage.queue),
        "visibilityTimeoutSeconds": _BETWEEN_TRIES,
        "redrivePolicy": json.dumps(redrive),
        **_senders(planned, stage.queue),
    }


def permissions(planned: Planned) -> Iterator[identity.Statement]:
    """Yield what the pipes may: read before each step, call its function, write behind it."""
    every = stages(planned)
    queues = [stage.source for stage in every if stage.queue]
    streams = [stage.source for stage in every if not stage.queue]
    yield identity.allow(["lambda:InvokeFunction"], [stage.function for stage in every])
    if queues:
        yield identity.allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], queues)
    if streams:
        reads = ("DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards")
        yield identity.allow([f"kinesis:{each}" for each in reads], streams)
    for target in [*(stage.target for stage in every), *([dead_letters_arn(planned)] if streams else [])]:
        service = target.split(":")[2]
        yield identity.allow(_WRITES[service], [target])


def stream(planned: Planned, name: str) -> Document:
    """Return a stream that takes as much as comes."""
    return {
        "name": arns.queue(planned, name),
        "streamModeDetails": {"streamMode": "ON_DEMAND"},
        "encryptionType": "KMS",
        "kmsKeyId": "alias/aws/kinesis",
        "tags": dict(planned.tags),
    }


def sink_queue(planned: Planned, sink: SqsSink) -> Document:
    """Return the queue at the end; its readers set their own pace."""
    return {**_queue(planned, arns.queue(planned, sink.queue)), "messageRetentionSeconds": _FOURTEEN_DAYS}


def bucket(planned: Planned, source: S3Source) -> Document:
    """Return the bucket at the front; AWS keeps new buckets private and encrypted unless told otherwise."""
    return {"bucket": arns.bucket(planned, source.bucket), "tags": dict(planned.tags)}


def notification(planned: Planned, source: S3Source, stage: Stage) -> Document:
    """Return what the bucket reports to the first queue."""
    filters = {"filterPrefix": source.prefix, "filterSuffix": source.suffix}
    target = {
        "queueArn": stage.source,
        "events": list(source.events),
        **{key: value for key, value in filters.items() if value},
    }
    return {"bucket": arns.bucket(planned, source.bucket), "queues": [target]}


def schedule(planned: Planned, source: ScheduleSource) -> Document:
    """Return the schedule at the front."""
    return {"name": planned.name, "scheduleExpression": source.expression, "tags": dict(planned.tags)}


def schedule_target(planned: Planned, stage: Stage) -> Document:
    """Return the first queue as what the schedule sends to."""
    return {"rule": planned.name, "targetId": "pipeline", "arn": stage.source}


_WRITES: Final = {
    "sqs": ("sqs:SendMessage",),
    "kinesis": ("kinesis:PutRecord", "kinesis:PutRecords"),
    "lambda": ("lambda:InvokeFunction",),
}


def _queue(planned: Planned, name: str) -> Document:
    return {"name": name, "sqsManagedSseEnabled": True, "tags": dict(planned.tags)}


def first_queue(planned: Planned) -> str | None:
    """Return the physical name of the queue before the first step; None where that is a stream."""
    source = planned.child.spec.source
    if isinstance(source, SqsSource):
        return arns.queue(planned, source.queue)
    if isinstance(source, KinesisSource):
        return None
    return _inner_queue(planned, planned.child.spec.steps[0].function)


def _inner_queue(planned: Planned, step: str) -> str:
    return arns.queue(planned, planned.child.queue_before(step))


def _queue_arn(planned: Planned, queue: str) -> str:
    return arns.arn(planned, "sqs", queue)


def _source_stream(planned: Planned) -> str:
    source = planned.child.spec.source
    assert isinstance(source, KinesisSource)
    return arns.stream_arn(planned, source.stream)


def sink_arn(planned: Planned) -> str:
    """Return where the answers of the last step go."""
    sink = planned.child.spec.sink
    if isinstance(sink, FunctionSink):
        return arns.called(planned, sink.function)
    if isinstance(sink, KinesisSink):
        return arns.stream_arn(planned, sink.stream)
    return arns.queue_arn(planned, sink.queue)


def dead_letters_name(planned: Planned) -> str:
    """Return the physical name of the queue of what failed too often."""
    return arns.queue(planned, planned.child.dead_letters)


def dead_letters_arn(planned: Planned) -> str:
    """Return the ARN of that queue."""
    return _queue_arn(planned, dead_letters_name(planned))


def _senders(planned: Planned, queue: str) -> Document:
    """Return who may send to the first queue from outside: its bucket, or its schedule, of this account alone."""
    source = planned.child.spec.source
    if queue != first_queue(planned) or not isinstance(source, S3Source | ScheduleSource):
        return {}
    if isinstance(source, S3Source):
        service, sender = "s3", arns.bucket_arn(planned, source.bucket)
    else:
        service, sender = "events", arns.arn(planned, "events", f"rule/{planned.name}")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": _queue_arn(planned, queue),
        "Condition": {
            "ArnEquals": {"aws:SourceArn": sender},
            "StringEquals": {"aws:SourceAccount": planned.environment.aws_account},
        },
    }
    return {"policy": identity.policy([statement])}
