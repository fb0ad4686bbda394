"""Under which id an interrupted creation is found."""

from typing import Any

import pytest

from appofapps.observe.pending import _ASKED, _DERIVED, aws, kubernetes
from sandbox.aws.servicer import known_types

ACCOUNT = "123456789012"
FUNCTION = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:dev-fraud"


class MissingError(Exception):
    """What boto3 raises for something that is not there."""

    response = {"Error": {"Code": "QueueDoesNotExist"}}


class Cloud:
    """A boto3 client of any service."""

    class exceptions:  # noqa: N801  (boto3's name)
        """As boto3 offers them."""

        ClientError = MissingError

    def __init__(self, answers: bool) -> None:
        self.answers = answers

    def get_caller_identity(self) -> dict[str, str]:
        """Return who asks."""
        if not self.answers:
            raise ConnectionError("no route")
        return {"Account": ACCOUNT}

    def get_queue_url(self, QueueName: str) -> dict[str, str]:  # noqa: N803  (boto3's name)
        """Return the URL of the one queue there is."""
        if QueueName != "dev-orders":
            raise MissingError
        return {"QueueUrl": f"https://sqs/{ACCOUNT}/dev-orders"}

    def describe_stream_summary(self, StreamName: str) -> dict[str, Any]:  # noqa: N803  (boto3's name)
        """Return the one stream there is."""
        if StreamName != "dev-clicks":
            raise MissingError
        return {"StreamDescriptionSummary": {"StreamARN": f"arn:aws:kinesis:eu-west-1:{ACCOUNT}:stream/dev-clicks"}}

    def get_alias(self, FunctionName: str, Name: str) -> dict[str, str]:  # noqa: N803  (boto3's names)
        """Return an alias's ARN."""
        return {"AliasArn": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{FunctionName}:{Name}"}

    def get_paginator(self, _name: str) -> "Cloud":
        """Return pages of event source mappings."""
        return self

    def paginate(self, **_filter: str) -> list[dict[str, Any]]:
        """Return two mappings of one queue, on two pages."""
        other = {"FunctionArn": FUNCTION + "-2:live", "UUID": "2"}
        return [{"EventSourceMappings": [other]}, {"EventSourceMappings": [{"FunctionArn": FUNCTION, "UUID": "1"}]}]


@pytest.mark.parametrize(
    ("kind", "inputs", "expected"),
    [
        ("iam/role:Role", {"name": "dev-fraud"}, "dev-fraud"),
        ("iam/rolePolicy:RolePolicy", {"role": "dev-fraud", "name": "may"}, "dev-fraud:may"),
        ("lambda/function:Function", {"name": "dev-fraud"}, "dev-fraud"),
        ("cloudfront/function:Function", {"name": "dev-paths-eu-west-1"}, "dev-paths-eu-west-1"),
        ("lambda/alias:Alias", {"functionName": FUNCTION, "name": "live"}, f"{FUNCTION}:live"),
        ("lambda/permission:Permission", {"function": "dev-fraud", "qualifier": "live", "statementId": "url"}, "url"),
        ("lambda/functionUrl:FunctionUrl", {"functionName": "dev-fraud", "qualifier": "live"}, "dev-fraud/live"),
        (
            "lambda/eventSourceMapping:EventSourceMapping",
            {"functionName": FUNCTION + ":live", "eventSourceArn": "q"},
            "1",
        ),
        ("cloudwatch/logGroup:LogGroup", {"name": "/aws/lambda/dev-fraud"}, "/aws/lambda/dev-fraud"),
        ("cloudwatch/eventRule:EventRule", {"name": "nightly"}, "nightly"),
        ("cloudwatch/eventTarget:EventTarget", {"rule": "nightly", "targetId": "live"}, "nightly-live"),
        ("sqs/queue:Queue", {"name": "dev-orders"}, f"https://sqs/{ACCOUNT}/dev-orders"),
        ("sqs/queue:Queue", {"name": "dev-none"}, None),
        ("pipes/pipe:Pipe", {"name": "dev-feed.read"}, "dev-feed.read"),
        ("cloudwatch/metricAlarm:MetricAlarm", {"name": "dev-feed.read-lag"}, "dev-feed.read-lag"),
        ("kinesis/stream:Stream", {"name": "dev-clicks"}, f"arn:aws:kinesis:eu-west-1:{ACCOUNT}:stream/dev-clicks"),
        ("kinesis/stream:Stream", {"name": "dev-none"}, None),
        ("s3/bucket:Bucket", {"bucket": "dev-images"}, "dev-images"),
        ("s3/bucketNotification:BucketNotification", {"bucket": "dev-images"}, "dev-images"),
    ],
)
def test_aws(kind: str, inputs: dict[str, str], expected: str | None) -> None:
    """Every type that the components use is found under the id that the provider gives it."""
    assert aws(lambda _service, _region: Cloud(answers=True))(f"aws:{kind}", inputs, "aws-eu-west-1") == expected


def test_aws_in_the_region_of_its_provider() -> None:
    """AWS is asked in the region of the resource's provider."""
    asked = []

    def connect(service: str, region: str) -> Cloud:
        asked.append((service, region))
        return Cloud(answers=True)

    aws(connect)("aws:sqs/queue:Queue", {"name": "dev-orders"}, "aws-eu-west-1")

    assert asked == [("sts", "eu-west-1"), ("sqs", "eu-west-1")]


def test_aws_that_does_not_answer() -> None:
    """An id that cannot be verified afterwards is not given."""
    with pytest.raises(ConnectionError):
        aws(lambda _service, _region: Cloud(answers=False))("aws:iam/role:Role", {"name": "a"}, "aws-eu-west-1")


def test_every_type_can_be_found() -> None:
    """A type that the sandbox can make can be lost by a killed engine, too."""
    assert {f"aws:{kind}" for kind in {*_ASKED, *_DERIVED}} == set(known_types())


def test_unknown_type() -> None:
    """A type that nobody has said how to find is refused by name."""
    with pytest.raises(LookupError, match="rds/instance"):
        aws(lambda _service, _region: Cloud(answers=True))("aws:rds/instance:Instance", {}, "aws-eu-west-1")


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [({"name": "cart", "namespace": "dev-cart"}, "dev-cart/cart"), ({"name": "dev-cart"}, "dev-cart")],
)
def test_kubernetes(metadata: dict[str, str], expected: str) -> None:
    """A Kubernetes object is found by its namespace and name."""
    assert kubernetes("kubernetes:core/v1:ConfigMap", {"metadata": metadata}, "eu-1") == expected
