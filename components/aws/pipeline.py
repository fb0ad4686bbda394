"""A pipeline: before each step a queue or a stream, and a pipe that takes events from it through the function."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from appofapps.catalog.models.pipeline import (
    FunctionSink,
    KinesisSink,
    KinesisSource,
    Pipeline,
    S3Source,
    ScheduleSource,
    SqsSink,
    SqsSource,
)
from appofapps.plan import conventions as c
from appofapps.plan.naming import pipe_name, pipe_prefix
from appofapps.plan.plan import PlannedChild
from components.aws import arns, identity

PRINCIPALS: Final = ("pipes",)
_BETWEEN_TRIES: Final = 6 * 60
"""Seconds; longer than the five minutes that a pipe waits for its function at most:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html"""
_FOURTEEN_DAYS: Final = 14 * 86400
_NOT_A_TEST: Final = json.dumps({"body": {"Event": [{"exists": False}]}})
"""S3 sends one test event when notifications are set; it has no records:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html"""

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
    queues: list[str | None] = [_first_queue(planned), *(_inner_queue(planned, name) for name in names[1:])]
    sources = [_queue_arn(planned, queue) if queue else _source_stream(planned) for queue in queues]
    targets = [*sources[1:], _sink_arn(planned)]
    return [
        Stage(name, queue, source, arns.called(planned, name), target)
        for name, queue, source, target in zip(names, queues, sources, targets, strict=True)
    ]


def dead_letters(planned: Planned) -> Document:
    """Return the queue of what failed too often at any step; SQS remembers where each message came from."""
    return {**_queue(planned, _dead_letters_name(planned)), "messageRetentionSeconds": _FOURTEEN_DAYS}


def stage_queue(planned: Planned, stage: Stage) -> Document:
    """Return the queue before a step; an event that failed there is tried again when it is visible again."""
    assert stage.queue
    target = _queue_arn(planned, _dead_letters_name(planned))
    redrive = {"deadLetterTargetArn": target, "maxReceiveCount": planned.child.spec.receives}
    return {
        **_queue(planned, stage.queue),
        "visibilityTimeoutSeconds": _BETWEEN_TRIES,
        "redrivePolicy": json.dumps(redrive),
        **_senders(planned, stage.queue),
    }


def pipe(planned: Planned, stage: Stage) -> Document:
    """Return the pipe of a step."""
    spec = planned.child.spec
    source = spec.source
    connectors = f"{source.connector}:{source.version} {spec.sink.connector}:{spec.sink.version}"
    return {
        "name": pipe_name(planned.name, stage.step),
        "description": f"{planned.child.name}: {stage.step}",
        "roleArn": arns.role_arn(planned),
        "source": stage.source,
        "sourceParameters": _source_parameters(planned, stage),
        "enrichment": stage.function,
        "target": stage.target,
        **_target_parameters(planned, stage),
        "tags": {
            **planned.release_tags, c.STEPS: str(len(spec.steps)), c.TAG_PREFIX + "connectors": connectors,
        },
    }  # fmt: skip


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
    for target in [*(stage.target for stage in every), *([_dead_letters_arn(planned)] if streams else [])]:
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


def lag_alarm(planned: Planned, stage: Stage) -> Document:
    """Return the alarm for events that wait too long for a step."""
    lag = planned.child.spec.lag
    if stage.queue:
        metric = ("AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": stage.queue}, lag)
    else:
        name = stage.source.rpartition("/")[2]
        metric = ("AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", {"StreamName": name}, lag * 1000)
    return _alarm(planned, f"{pipe_name(planned.name, stage.step)}-lag", f"waits for {stage.step}", *metric)


def dead_letters_alarm(planned: Planned) -> Document:
    """Return the alarm for the first dead letter."""
    name = _dead_letters_name(planned)
    metric = ("AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": name}, 0)
    return _alarm(planned, f"{pipe_prefix(planned.name)}dead-letters", "has dead letters", *metric)


def _alarm(planned: Planned, name: str, what: str, namespace: str, metric: str, of: Document, above: int) -> Document:
    owner = planned.child.owner
    return {
        "name": name,
        "alarmDescription": f"{planned.child.name} {what}. On call: {owner.oncall}. Runbook: {owner.runbook}",
        "namespace": namespace,
        "metricName": metric,
        "dimensions": of,
        "statistic": "Maximum",
        "period": 60,
        "evaluationPeriods": 5,
        "datapointsToAlarm": 3,
        "comparisonOperator": "GreaterThanThreshold",
        "threshold": above,
        "treatMissingData": "notBreaching",
        "tags": dict(planned.tags),
    }


_WRITES: Final = {
    "sqs": ("sqs:SendMessage",),
    "kinesis": ("kinesis:PutRecord", "kinesis:PutRecords"),
    "lambda": ("lambda:InvokeFunction",),
}


def _queue(planned: Planned, name: str) -> Document:
    return {"name": name, "sqsManagedSseEnabled": True, "tags": dict(planned.tags)}


def _first_queue(planned: Planned) -> str | None:
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


def _sink_arn(planned: Planned) -> str:
    sink = planned.child.spec.sink
    if isinstance(sink, FunctionSink):
        return arns.called(planned, sink.function)
    if isinstance(sink, KinesisSink):
        return arns.stream_arn(planned, sink.stream)
    return arns.queue_arn(planned, sink.queue)


def _dead_letters_name(planned: Planned) -> str:
    return arns.queue(planned, planned.child.dead_letters)


def _dead_letters_arn(planned: Planned) -> str:
    return _queue_arn(planned, _dead_letters_name(planned))


def _senders(planned: Planned, queue: str) -> Document:
    """Return who may send to the first queue from outside: its bucket, or its schedule, of this account alone."""
    source = planned.child.spec.source
    if queue != _first_queue(planned) or not isinstance(source, S3Source | ScheduleSource):
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


def _source_parameters(planned: Planned, stage: Stage) -> Document:
    spec = planned.child.spec
    source = spec.source
    if stage.queue is None and isinstance(source, KinesisSource):
        kinesis = {
            "startingPosition": source.starting_position,
            "batchSize": spec.batch_size,
            "maximumRetryAttempts": spec.receives - 1,
            "deadLetterConfig": {"arn": _dead_letters_arn(planned)},
        }
        return {"kinesisStreamParameters": kinesis}
    parameters: Document = {"sqsQueueParameters": {"batchSize": spec.batch_size}}
    if isinstance(source, S3Source) and stage.queue == _first_queue(planned):
        parameters["filterCriteria"] = {"filters": [{"pattern": _NOT_A_TEST}]}
    return parameters


def _target_parameters(planned: Planned, stage: Stage) -> Document:
    sink = planned.child.spec.sink
    if stage.target != _sink_arn(planned):
        return {}
    if isinstance(sink, FunctionSink):
        return {"targetParameters": {"lambdaFunctionParameters": {"invocationType": "REQUEST_RESPONSE"}}}
    if isinstance(sink, KinesisSink):
        return {"targetParameters": {"kinesisStreamParameters": {"partitionKey": sink.partition_key}}}
    return {}
