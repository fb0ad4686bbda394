"""What invokes a function, always through its alias."""

import json
from typing import Any

from appofapps.catalog.models.function import BucketTrigger, Function, QueueTrigger, ScheduleTrigger, UrlTrigger
from appofapps.plan.plan import PlannedChild
from components.aws import arns

_FOURTEEN_DAYS = 14 * 86400

Document = dict[str, Any]


def dead_letters(planned: PlannedChild[Function], trigger: QueueTrigger) -> Document:
    """Return the queue of messages that failed too often; they are kept as long as SQS allows."""
    return {
        "name": arns.queue(planned, trigger.dead_letters),
        "messageRetentionSeconds": _FOURTEEN_DAYS,
        "sqsManagedSseEnabled": True,
        "tags": dict(planned.tags),
    }


def queue(planned: PlannedChild[Function], trigger: QueueTrigger) -> Document:
    """Return the queue.

    A message stays invisible for six times the function's timeout and the batch window, as AWS advises:
    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    """
    timeout = planned.child.profiles[planned.environment.tier].timeout
    target = arns.queue_arn(planned, trigger.dead_letters)
    return {
        "name": arns.queue(planned, trigger.name),
        "visibilityTimeoutSeconds": 6 * timeout + trigger.batch_window,
        "redrivePolicy": json.dumps({"deadLetterTargetArn": target, "maxReceiveCount": trigger.receives}),
        "sqsManagedSseEnabled": True,
        "tags": dict(planned.tags),
    }


def event_source(planned: PlannedChild[Function], trigger: QueueTrigger) -> Document:
    """Return the mapping from the queue; only the messages that failed are tried again."""
    return {
        "eventSourceArn": arns.queue_arn(planned, trigger.name),
        "functionName": arns.function_arn(planned),
        "batchSize": trigger.batch_size,
        "maximumBatchingWindowInSeconds": trigger.batch_window,
        "functionResponseTypes": ["ReportBatchItemFailures"],
        "tags": dict(planned.tags),
    }


def bucket(planned: PlannedChild[Function], trigger: BucketTrigger) -> Document:
    """Return the bucket; AWS keeps new buckets private and encrypted unless told otherwise."""
    return {"bucket": arns.bucket(planned, trigger.name), "tags": dict(planned.tags)}


def bucket_permission(planned: PlannedChild[Function], trigger: BucketTrigger) -> Document:
    """Return the right of that bucket, in this account, to invoke the function."""
    return {
        **_permission(planned, "bucket", "s3.amazonaws.com"),
        "sourceArn": arns.bucket_arn(planned, trigger.name),
        "sourceAccount": planned.environment.aws_account,
    }


def bucket_notification(planned: PlannedChild[Function], trigger: BucketTrigger) -> Document:
    """Return what the bucket reports, and to whom."""
    filters = {"filterPrefix": trigger.prefix, "filterSuffix": trigger.suffix}
    target = {
        "lambdaFunctionArn": arns.function_arn(planned),
        "events": list(trigger.events),
        **{key: value for key, value in filters.items() if value},
    }
    return {"bucket": arns.bucket(planned, trigger.name), "lambdaFunctions": [target]}


def schedule(planned: PlannedChild[Function], trigger: ScheduleTrigger) -> Document:
    """Return the schedule."""
    return {"name": planned.name, "scheduleExpression": trigger.expression, "tags": dict(planned.tags)}


def schedule_permission(planned: PlannedChild[Function]) -> Document:
    """Return the right of that schedule to invoke the function."""
    return {
        **_permission(planned, "schedule", "events.amazonaws.com"),
        "sourceArn": arns.arn(planned, "events", f"rule/{planned.name}"),
    }


def schedule_target(planned: PlannedChild[Function]) -> Document:
    """Return what the schedule invokes."""
    return {"rule": planned.name, "targetId": arns.ALIAS, "arn": arns.function_arn(planned)}


def url(planned: PlannedChild[Function], trigger: UrlTrigger) -> Document:
    """Return the HTTPS address of the function."""
    return {"functionName": planned.name, "qualifier": arns.ALIAS, "authorizationType": trigger.authorization}


def url_permission(planned: PlannedChild[Function]) -> Document:
    """Return everybody's right to call the address: what `authorization: NONE` means."""
    return {
        **_permission(planned, "url", "*"),
        "action": "lambda:InvokeFunctionUrl",
        "functionUrlAuthType": "NONE",
    }


def _permission(planned: PlannedChild[Function], statement: str, principal: str) -> Document:
    return {
        "statementId": statement,
        "action": "lambda:InvokeFunction",
        "function": planned.name,
        "qualifier": arns.ALIAS,
        "principal": principal,
    }
