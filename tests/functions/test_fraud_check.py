"""The function fraud-check."""

import json

import boto3
import pytest

HARMLESS = {"order": "o-1", "amount": 40.0, "card_country": "DE", "delivery_country": "DE", "attempts": 1}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "accept"),
        ({"amount": 900.0}, "accept"),
        ({"card_country": "FR"}, "review"),
        ({"amount": 900.0, "attempts": 2}, "review"),
        ({"card_country": "FR", "amount": 900.0, "attempts": 2}, "reject"),
    ],
)
def test_orders_are_judged_by_their_risk(load, context, changes, expected, batch):
    """A large sum, a foreign card and repeated attempts add up to a review, then to a rejection."""
    published = []
    load("fraud-check").handle(batch(HARMLESS | changes), context, publish=lambda *it: published.append(it))
    [(source, detail)] = published
    assert source == "dev-function"
    assert detail["verdict"] == expected


def test_a_bad_message_does_not_hold_up_the_others(load, context, batch):
    """Only the messages that failed are named, so that SQS delivers only those again."""
    published = []
    answer = load("fraud-check").handle(
        batch({"order": "no amount"}, HARMLESS, "no object"), context, publish=lambda *it: published.append(it)
    )
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-0"}, {"itemIdentifier": "m-2"}]}
    assert len(published) == 1


def test_the_verdict_reaches_the_event_bus(load, context, aws, batch):
    """A rule on the bus sees the verdict under the function's own name, so that dev and prod do not mix."""
    events, logs = boto3.client("events"), boto3.client("logs")
    logs.create_log_group(logGroupName="/aws/events/verdicts")
    events.put_rule(Name="verdicts", EventPattern=json.dumps({"source": ["dev-function"]}))
    arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/events/verdicts"
    events.put_targets(Rule="verdicts", Targets=[{"Id": "log", "Arn": arn}])
    assert load("fraud-check").handle(batch(HARMLESS), context) == {"batchItemFailures": []}
    [seen] = logs.filter_log_events(logGroupName="/aws/events/verdicts")["events"]
    assert json.loads(seen["message"])["detail"]["verdict"] == "accept"


def test_a_verdict_the_bus_refuses_is_a_failure(load, context, aws, monkeypatch, batch):
    """The API reports refused entries as success; the message must come again all the same."""
    module = load("fraud-check")

    class Refusing:
        def put_events(self, **_):
            return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]}

    monkeypatch.setattr(module, "_events", Refusing)
    assert module.handle(batch(HARMLESS), context) == {"batchItemFailures": [{"itemIdentifier": "m-0"}]}
