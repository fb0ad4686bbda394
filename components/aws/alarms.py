"""The alarms of a pipeline: too slow, or given up on."""

from typing import Any

from appofapps.plan.naming import pipe_name, pipe_prefix
from components.aws.pipeline import Planned, Stage, dead_letters_name

Document = dict[str, Any]


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
    name = dead_letters_name(planned)
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
