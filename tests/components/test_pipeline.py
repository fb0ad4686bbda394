"""Pipelines: queues and pipes between source, steps and sink; retries, dead letters, alarms, least privilege."""

import json
from typing import Any

import pytest

from tests.components.catalogs import child
from tests.components.conftest import Deploy
from tests.components.engine import Engine

V = {"version": "1.0.0"}
SQS = {"connector": "sqs", "queue": "offers", **V}
S3 = {"connector": "s3", "bucket": "feeds", "suffix": ".json", **V}
SCHEDULE = {"connector": "schedule", "expression": "rate(1 hour)", **V}
KINESIS = {"connector": "kinesis", "stream": "clicks", **V}
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:dev-"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:dev-"
STREAM = "arn:aws:kinesis:eu-west-1:123456789012:stream/dev-"


def deployed(deploy: Deploy, *steps: str, **spec: Any) -> Engine:
    """Deploy the pipeline `feed` and its functions, by default from a queue, through `read`, into a queue."""
    names = steps or ("read",)
    sink = {"connector": "sqs", "queue": "priced", **V}
    document = {"source": SQS, "sink": sink, "steps": [{"function": name} for name in names], **spec}
    functions = {*names, *([document["sink"]["function"]] if "function" in document["sink"] else [])}
    return deploy(child("feed", "pipeline", spec=document), *(child(name, "function") for name in sorted(functions)))


def of(engine: Engine, resource: str) -> dict[str, Any]:
    """Return the inputs of a resource of `feed`."""
    return engine.named(f"feed@eu-west-1/{resource}").inputs


def may(engine: Engine) -> dict[str, set[str]]:
    """Return what the pipes may do: action to resources."""
    found: dict[str, set[str]] = {}
    for statement in json.loads(of(engine, "role-policy")["policy"])["Statement"]:
        for action in statement["Action"]:
            found.setdefault(action, set()).update(statement["Resource"])
    return found


def test_the_smallest_pipeline(deploy: Deploy) -> None:
    """A queue at each end, a pipe through the function's alias, a queue of dead letters, and two alarms."""
    engine = deployed(deploy)
    names = {"role", "role-policy", "dead-letters", "dead-letters-alarm", "queue-read", "pipe-read", "lag-read"}

    assert {name for name in engine.names() if name.startswith("feed@")} == {
        f"feed@eu-west-1/{each}" for each in {*names, "sink-queue"}
    }
    pipe = of(engine, "pipe-read")
    assert pipe.pop("tags")["appofapps:connectors"] == "sqs:1.0.0 sqs:1.0.0"
    assert pipe == {
        "name": "dev-feed.read", "description": "feed: read", "enrichment": f"{FUNCTION}read:live",
        "roleArn": "arn:aws:iam::123456789012:role/dev-feed-eu-west-1",
        "source": f"{QUEUE}offers", "sourceParameters": {"sqsQueueParameters": {"batchSize": 1}},
        "target": f"{QUEUE}priced",
    }  # fmt: skip


def test_steps_are_joined_by_queues_and_made_from_the_end(deploy: Deploy) -> None:
    """What one returns is what the next gets; no event can arrive before what takes it is there."""
    engine = deployed(deploy, "read", "price")

    assert of(engine, "pipe-read")["target"] == of(engine, "pipe-price")["source"] == f"{QUEUE}feed-price"
    assert of(engine, "pipe-price")["target"] == f"{QUEUE}priced"
    assert "feed@eu-west-1/pipe-price" in engine.named("feed@eu-west-1/pipe-read").depends_on
    assert {"feed@eu-west-1/sink-queue", "feed@eu-west-1/queue-price"} <= (
        engine.named("feed@eu-west-1/pipe-price").depends_on
    )


def test_it_waits_for_the_functions_it_calls(deploy: Deploy) -> None:
    """Steps and a sink that is a function are needs without being written there."""
    engine = deployed(deploy, sink={"connector": "function", "function": "store", **V})

    assert engine.named("feed@eu-west-1/role").depends_on == {"read@eu-west-1/alias", "store@eu-west-1/alias"}
    assert of(engine, "pipe-read")["target"] == f"{FUNCTION}store:live"
    assert may(engine)["lambda:InvokeFunction"] == {f"{FUNCTION}read:live", f"{FUNCTION}store:live"}


def test_what_fails_is_tried_and_then_set_aside(deploy: Deploy) -> None:
    """At each step, into one queue whose first message raises an alarm."""
    engine = deployed(deploy, "read", "price", receives=3)

    for step in ("read", "price"):
        redrive = json.loads(of(engine, f"queue-{step}")["redrivePolicy"])
        assert redrive == {"deadLetterTargetArn": f"{QUEUE}feed-dead-letters", "maxReceiveCount": 3}
    alarm = of(engine, "dead-letters-alarm")
    assert (alarm["metricName"], alarm["threshold"]) == ("ApproximateNumberOfMessagesVisible", 0)
    assert alarm["dimensions"] == {"QueueName": "dev-feed-dead-letters"}


@pytest.mark.parametrize(
    ("source", "metric", "of_what", "threshold"),
    [
        (SQS, "ApproximateAgeOfOldestMessage", {"QueueName": "dev-offers"}, 120),
        (S3, "ApproximateAgeOfOldestMessage", {"QueueName": "dev-feed-read"}, 120),
        (KINESIS, "GetRecords.IteratorAgeMilliseconds", {"StreamName": "dev-clicks"}, 120_000),
    ],
)
def test_lag_raises_an_alarm_that_names_its_owner(
    deploy: Deploy, source: Any, metric: str, of_what: dict[str, str], threshold: int
) -> None:
    """In the unit of the metric; with the team in its tags, on-call and runbook in its text."""
    alarm = of(deployed(deploy, source=source, lag="2m"), "lag-read")

    assert (alarm["metricName"], alarm["dimensions"], alarm["threshold"]) == (metric, of_what, threshold)
    assert alarm["tags"]["appofapps:team"] == "shop"
    assert "shop-primary" in alarm["alarmDescription"]
    assert "https://runbooks.example/shop" in alarm["alarmDescription"]


@pytest.mark.parametrize(
    ("source", "service", "sender"),
    [
        (S3, "s3", "arn:aws:s3:::dev-feeds-123456789012-eu-west-1"),
        (SCHEDULE, "events", "arn:aws:events:eu-west-1:123456789012:rule/dev-feed"),
    ],
)
def test_only_its_source_may_send_to_the_first_queue(deploy: Deploy, source: Any, service: str, sender: str) -> None:
    """Of this account; and what is behind the first queue nobody but the pipes."""
    engine = deployed(deploy, "read", "price", source=source)
    (statement,) = json.loads(of(engine, "queue-read")["policy"])["Statement"]

    assert statement["Principal"] == {"Service": f"{service}.amazonaws.com"}
    assert statement["Condition"]["ArnEquals"] == {"aws:SourceArn": sender}
    assert "policy" not in of(engine, "queue-price")


def test_a_bucket_reports_what_its_filter_lets_through_and_no_test_event(deploy: Deploy) -> None:
    """The notification comes last; S3's own test event has no records and is dropped by the pipe."""
    engine = deployed(deploy, source=S3)

    assert of(engine, "source-notification")["queues"] == [
        {"queueArn": f"{QUEUE}feed-read", "events": ["s3:ObjectCreated:*"], "filterSuffix": ".json"}
    ]
    assert of(engine, "pipe-read")["sourceParameters"]["filterCriteria"] == {
        "filters": [{"pattern": '{"body": {"Event": [{"exists": false}]}}'}]
    }


def test_a_schedule_sends_to_the_first_queue(deploy: Deploy) -> None:
    """Through the queue, so that a failed run is tried again like any event."""
    engine = deployed(deploy, source=SCHEDULE)

    assert of(engine, "source-schedule")["scheduleExpression"] == "rate(1 hour)"
    assert of(engine, "source-schedule-target")["arn"] == f"{QUEUE}feed-read"


def test_streams_at_both_ends(deploy: Deploy) -> None:
    """Encrypted, on demand; a record that fails too often is reported to the dead letters."""
    sink = {"connector": "kinesis", "stream": "prices", "partition_key": "$.sku", **V}
    engine = deployed(deploy, source=KINESIS, sink=sink)
    pipe = of(engine, "pipe-read")

    assert (pipe["source"], pipe["target"]) == (f"{STREAM}clicks", f"{STREAM}prices")
    assert pipe["sourceParameters"]["kinesisStreamParameters"]["deadLetterConfig"] == {
        "arn": f"{QUEUE}feed-dead-letters"
    }
    assert pipe["targetParameters"] == {"kinesisStreamParameters": {"partitionKey": "$.sku"}}
    assert of(engine, "source-stream")["encryptionType"] == "KMS"
    assert may(engine)["sqs:SendMessage"] == {f"{QUEUE}feed-dead-letters"}


def test_the_pipes_may_do_what_they_do_and_nothing_else(deploy: Deploy) -> None:
    """Read before each step, call it, write behind it; they alone assume the role."""
    engine = deployed(deploy, "read", "price")
    read = {f"{QUEUE}offers", f"{QUEUE}feed-price"}

    assert may(engine) == {
        "lambda:InvokeFunction": {f"{FUNCTION}read:live", f"{FUNCTION}price:live"},
        "sqs:ReceiveMessage": read,
        "sqs:DeleteMessage": read,
        "sqs:GetQueueAttributes": read,
        "sqs:SendMessage": {f"{QUEUE}feed-price", f"{QUEUE}priced"},
    }
    trust = json.loads(of(engine, "role")["assumeRolePolicy"])["Statement"][0]
    assert trust["Principal"] == {"Service": "pipes.amazonaws.com"}


def test_a_dependent_waits_for_every_pipe_and_for_the_source(deploy: Deploy) -> None:
    """Live means connected."""
    spec = {"source": S3, "sink": SQS, "steps": [{"function": "read"}]}
    feed = child("feed", "pipeline", spec=spec)
    engine = deploy(feed, child("read", "function"), child("web", needs=["feed"]))

    assert {f"feed@eu-west-1/{each}" for each in ("pipe-read", "source-notification")} <= (
        engine.named("web@eu-1/namespace").depends_on
    )
