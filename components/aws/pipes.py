"""The pipe of each step of a pipeline."""

import json
from typing import Any, Final

from appofapps.catalog.models.connectors import FunctionSink, KinesisSink, KinesisSource, S3Source
from appofapps.plan import conventions as c
from appofapps.plan.naming import pipe_name
from components.aws import arns
from components.aws.pipeline import Planned, Stage, dead_letters_arn, first_queue, sink_arn

Document = dict[str, Any]

_NOT_A_TEST: Final = json.dumps({"body": {"Event": [{"exists": False}]}})
"""S3 sends one test event when notifications are set; it has no records:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html"""


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


def _source_parameters(planned: Planned, stage: Stage) -> Document:
    spec = planned.child.spec
    source = spec.source
    if stage.queue is None and isinstance(source, KinesisSource):
        kinesis = {
            "startingPosition": source.starting_position,
            "batchSize": spec.batch_size,
            "maximumRetryAttempts": spec.receives - 1,
            "deadLetterConfig": {"arn": dead_letters_arn(planned)},
        }
        return {"kinesisStreamParameters": kinesis}
    parameters: Document = {"sqsQueueParameters": {"batchSize": spec.batch_size}}
    if isinstance(source, S3Source) and stage.queue == first_queue(planned):
        parameters["filterCriteria"] = {"filters": [{"pattern": _NOT_A_TEST}]}
    return parameters


def _target_parameters(planned: Planned, stage: Stage) -> Document:
    sink = planned.child.spec.sink
    if stage.target != sink_arn(planned):
        return {}
    if isinstance(sink, FunctionSink):
        return {"targetParameters": {"lambdaFunctionParameters": {"invocationType": "REQUEST_RESPONSE"}}}
    if isinstance(sink, KinesisSink):
        return {"targetParameters": {"kinesisStreamParameters": {"partitionKey": sink.partition_key}}}
    return {}
