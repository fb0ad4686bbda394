"""Every resource type of the stand-in against moto, called as the engine calls it."""
# ruff: noqa: D102, D103  (the tests are named by what they say)

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer
from pulumi.runtime.proto import provider_pb2

from sandbox.aws.archive import sha256, zipped
from sandbox.aws.servicer import Provider, known_types
from sandbox.aws.wire import ARCHIVE, ASSET, SECRET, SIGNATURE, UNKNOWN, Props, decode, encode

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
        ],
    }
)
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
ROLE, FUNCTION, ALIAS = "aws:iam/role:Role", "aws:lambda/function:Function", "aws:lambda/alias:Alias"
QUEUE, BUCKET, RULE = "aws:sqs/queue:Queue", "aws:s3/bucket:Bucket", "aws:cloudwatch/eventRule:EventRule"
MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
TARGET_ARN = "arn:aws:sqs:eu-west-1:123456789012:jobs"


class AbortedError(Exception):
    """What the engine would see as an error."""


class Call:
    def abort(self, code: object, details: str) -> None:
        raise AbortedError(details)


@dataclass
class Made:
    """A resource as the engine records it."""

    type_: str
    id: str = ""
    inputs: Props = field(default_factory=dict)
    state: Props = field(default_factory=dict)


class Engine:
    """Calls the provider as the engine does."""

    def __init__(self, config: dict[str, str] | None = None) -> None:
        self.provider = Provider()
        args = encode({"region": "eu-west-1", **(config or {})})
        self.provider.Configure(provider_pb2.ConfigureRequest(args=args), Call())

    def check(self, type_: str, news: Props, olds: Props | None = None) -> Props:
        answer = self.provider.Check(
            provider_pb2.CheckRequest(urn=urn(type_), news=encode(news), olds=encode(olds or {}), randomSeed=b"1"),
            Call(),
        )
        assert not answer.failures, answer.failures
        return decode(answer.inputs)

    def create(self, type_: str, news: Props, preview: bool = False) -> Made:
        inputs = self.check(type_, news)
        answer = self.provider.Create(
            provider_pb2.CreateRequest(urn=urn(type_), properties=encode(inputs), preview=preview), Call()
        )
        return Made(type_, answer.id, inputs, decode(answer.properties))

    def diff(self, made: Made, news: Props) -> provider_pb2.DiffResponse:
        return self.provider.Diff(
            provider_pb2.DiffRequest(
                id=made.id,
                urn=urn(made.type_),
                olds=encode(made.state),
                old_inputs=encode(made.inputs),
                news=encode(self.check(made.type_, news, made.inputs)),
            ),
            Call(),
        )

    def update(self, made: Made, news: Props, preview: bool = False) -> Made:
        inputs = self.check(made.type_, news, made.inputs)
        answer = self.provider.Update(
            provider_pb2.UpdateRequest(
                id=made.id,
                urn=urn(made.type_),
                olds=encode(made.state),
                old_inputs=encode(made.inputs),
                news=encode(inputs),
                preview=preview,
            ),
            Call(),
        )
        return Made(made.type_, made.id, inputs, decode(answer.properties))

    def read(self, made: Made) -> Made:
        answer = self.provider.Read(
            provider_pb2.ReadRequest(
                id=made.id, urn=urn(made.type_), properties=encode(made.state), inputs=encode(made.inputs)
            ),
            Call(),
        )
        return Made(made.type_, answer.id, decode(answer.inputs), decode(answer.properties))

    def delete(self, made: Made) -> None:
        self.provider.Delete(
            provider_pb2.DeleteRequest(
                id=made.id, urn=urn(made.type_), properties=encode(made.state), old_inputs=encode(made.inputs)
            ),
            Call(),
        )


def urn(type_: str) -> str:
    return f"urn:pulumi:dev::shop::app:Function$x:y:Z${type_}::thing"


def code(text: str) -> Props:
    return {SIGNATURE: ARCHIVE, "assets": {"index.py": {SIGNATURE: ASSET, "text": text}}}


@pytest.fixture(scope="module")
def moto_address() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def session(moto_address: str) -> Iterator[Callable[[str], Any]]:
    """Clients of moto; making one is slow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", moto_address)
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_REGION", "eu-west-1")
        yield functools.cache(lambda service: boto3.client(service, region_name="eu-west-1"))


@pytest.fixture
def aws(moto_address: str, session: Callable[[str], Any]) -> Callable[[str], Any]:
    """Clients of an empty moto."""
    requests.post(f"{moto_address}/moto-api/reset", timeout=10)
    return session


@pytest.fixture(scope="module")
def warm(session: Callable[[str], Any]) -> Engine:
    return Engine()


@pytest.fixture
def engine(warm: Engine, aws: Callable[[str], Any]) -> Engine:
    return warm


@dataclass(frozen=True)
class Case:
    """One type: how to make it, change it, break it, replace it."""

    type_: str
    inputs: Props
    change: Props
    """A change in place; the result is read back from AWS."""
    break_: Callable[[Any, Made], object]
    """A hand edit."""
    drift: set[str]
    replace: Props
    import_id: Callable[[Made], str] = lambda made: made.id
    needs: tuple[tuple[str, Props], ...] = ()
    conflict: str | None = None
    """The code of the error of a second creation; None where AWS overwrites or shrugs."""


ROLE_INPUTS: Props = {"name": "shop", "assumeRolePolicy": TRUST, "tags": {"team": "a"}}
FUNCTION_INPUTS: Props = {
    "name": "thumb",
    "role": "arn:aws:iam::123456789012:role/shop",
    "runtime": "python3.12",
    "handler": "index.handler",
    "code": code("one"),
    "publish": True,
    "memorySize": 256,
    "timeout": 10,
    "environment": {"variables": {"lower_case": "1"}},
    "deadLetterConfig": {"targetArn": TARGET_ARN},
    "reservedConcurrentExecutions": 5,
    "loggingConfig": {"logFormat": "JSON", "logGroup": "/aws/lambda/thumb"},
    "tracingConfig": {"mode": "Active"},
    "architectures": ["arm64"],
    "tags": {"team": "a"},
}
QUEUE_INPUTS: Props = {
    "name": "jobs",
    "visibilityTimeoutSeconds": 60,
    "messageRetentionSeconds": 1209600,
    "redrivePolicy": json.dumps({"deadLetterTargetArn": TARGET_ARN + "-dlq", "maxReceiveCount": 3}),
    "sqsManagedSseEnabled": True,
    "tags": {"team": "a"},
}
DLQ = (QUEUE, {"name": "jobs-dlq"})
WITH_FUNCTION = ((ROLE, ROLE_INPUTS), (FUNCTION, FUNCTION_INPUTS))
WITH_ALIAS = (*WITH_FUNCTION, (ALIAS, {"name": "live", "functionName": "thumb", "functionVersion": "1"}))
QUEUE_URL = "{address}/123456789012/jobs"

CASES = [
    Case(
        ROLE,
        ROLE_INPUTS,
        {"description": "new", "tags": {"owner": "b"}},
        lambda aws, made: aws("iam").tag_role(RoleName="shop", Tags=[{"Key": "by", "Value": "hand"}]),
        {"tags", "tagsAll"},
        {"path": "/team/"},
        conflict="EntityAlreadyExists",
    ),
    Case(
        "aws:iam/rolePolicy:RolePolicy",
        {"name": "inline", "role": "shop", "policy": POLICY},
        {"policy": POLICY.replace("s3:*", "sqs:*")},
        lambda aws, made: aws("iam").put_role_policy(
            RoleName="shop", PolicyName="inline", PolicyDocument=POLICY.replace("s3", "ec2")
        ),
        {"policy"},
        {"name": "other"},
        needs=((ROLE, ROLE_INPUTS),),
    ),
    Case(
        FUNCTION,
        FUNCTION_INPUTS,
        {"code": code("two"), "timeout": 20, "reservedConcurrentExecutions": 7, "tags": {"owner": "b"}},
        lambda aws, made: aws("lambda").update_function_configuration(FunctionName="thumb", MemorySize=1024),
        {"memorySize"},
        {"name": "other"},
        needs=((ROLE, ROLE_INPUTS),),
        conflict="ResourceConflictException",
    ),
    Case(
        ALIAS,
        {"name": "live", "functionName": "thumb", "functionVersion": "1", "description": "the one"},
        {"functionVersion": "$LATEST", "routingConfig": {"additionalVersionWeights": {"1": 0.1}}},
        lambda aws, made: aws("lambda").update_alias(FunctionName="thumb", Name="live", FunctionVersion="$LATEST"),
        {"functionVersion"},
        {"name": "next"},
        import_id=lambda made: "thumb/live",
        needs=WITH_FUNCTION,
        conflict="ConflictException",
    ),
    Case(
        MAPPING,
        {
            "eventSourceArn": TARGET_ARN,
            "functionName": "arn:aws:lambda:eu-west-1:123456789012:function:thumb:live",
            "batchSize": 5,
            "functionResponseTypes": ["ReportBatchItemFailures"],
            "scalingConfig": {"maximumConcurrency": 4},
            "tags": {"team": "a"},
        },
        {"batchSize": 8, "enabled": False, "maximumBatchingWindowInSeconds": 3},
        lambda aws, made: aws("lambda").update_event_source_mapping(UUID=made.id, Enabled=False),
        {"enabled"},
        {"eventSourceArn": TARGET_ARN + "-dlq"},
        needs=(*WITH_ALIAS, DLQ, (QUEUE, QUEUE_INPUTS)),
        conflict="ResourceConflictException",
    ),
    Case(
        "aws:lambda/permission:Permission",
        {
            "statementId": "events",
            "action": "lambda:InvokeFunction",
            "function": "thumb",
            "qualifier": "live",
            "principal": "events.amazonaws.com",
            "sourceArn": "arn:aws:events:eu-west-1:123456789012:rule/nightly",
        },
        {},
        lambda aws, made: aws("lambda").remove_permission(FunctionName="thumb", StatementId="events", Qualifier="live"),
        set(),
        {"principal": "s3.amazonaws.com"},
        import_id=lambda made: "thumb:live/events",
        needs=WITH_ALIAS,
        conflict="ResourceConflictException",
    ),
    Case(
        "aws:lambda/functionUrl:FunctionUrl",
        {"functionName": "thumb", "qualifier": "live", "authorizationType": "NONE"},
        {"authorizationType": "AWS_IAM", "cors": {"allowOrigins": ["*"]}},
        lambda aws, made: aws("lambda").update_function_url_config(FunctionName="thumb", AuthType="AWS_IAM"),
        {"authorizationType"},
        {"functionName": "other"},
        needs=WITH_ALIAS,
        conflict="ResourceConflictException",
    ),
    Case(
        "aws:cloudwatch/logGroup:LogGroup",
        {"name": "/aws/lambda/thumb", "retentionInDays": 14, "tags": {"team": "a"}},
        {"retentionInDays": 30, "tags": {"owner": "b"}},
        lambda aws, made: aws("logs").put_retention_policy(logGroupName=made.id, retentionInDays=1),
        {"retentionInDays"},
        {"name": "/other"},
        conflict="ResourceAlreadyExistsException",
    ),
    Case(
        QUEUE,
        QUEUE_INPUTS,
        {"visibilityTimeoutSeconds": 90, "tags": {"owner": "b"}},
        lambda aws, made: aws("sqs").set_queue_attributes(QueueUrl=made.id, Attributes={"DelaySeconds": "9"}),
        {"delaySeconds"},
        {"name": "other"},
        needs=(DLQ,),
    ),
    Case(
        "aws:sqs/queuePolicy:QueuePolicy",
        {"queueUrl": QUEUE_URL, "policy": POLICY.replace("s3:*", "sqs:*").replace('"*"', f'"{TARGET_ARN}"')},
        {"policy": POLICY.replace("s3:*", "sqs:SendMessage").replace('"*"', f'"{TARGET_ARN}"')},
        lambda aws, made: aws("sqs").set_queue_attributes(QueueUrl=made.id, Attributes={"Policy": POLICY}),
        {"policy"},
        {"queueUrl": QUEUE_URL + "-dlq"},
        needs=(DLQ, (QUEUE, QUEUE_INPUTS)),
    ),
    Case(
        RULE,
        {"name": "nightly", "scheduleExpression": "rate(1 day)", "tags": {"team": "a"}},
        {"scheduleExpression": "rate(2 days)", "description": "less", "tags": {"owner": "b"}},
        lambda aws, made: aws("events").disable_rule(Name="nightly"),
        {"state"},
        {"name": "other"},
    ),
    Case(
        "aws:cloudwatch/eventTarget:EventTarget",
        {
            "rule": "nightly",
            "targetId": "thumb",
            "arn": TARGET_ARN,
            "input": '{"a": 1}',
            "retryPolicy": {"maximumRetryAttempts": 3},
            "deadLetterConfig": {"arn": TARGET_ARN + "-dlq"},
        },
        {"input": '{"a": 2}', "retryPolicy": {"maximumRetryAttempts": 4}},
        lambda aws, made: aws("events").put_targets(Rule="nightly", Targets=[{"Id": "thumb", "Arn": TARGET_ARN + "x"}]),
        {"arn", "input", "retryPolicy", "deadLetterConfig"},
        {"targetId": "other"},
        import_id=lambda made: "nightly/thumb",
        needs=((RULE, {"name": "nightly", "scheduleExpression": "rate(1 day)"}),),
    ),
    Case(
        BUCKET,
        {"bucket": "shop-images", "forceDestroy": True, "tags": {"team": "a"}},
        {"tags": {"owner": "b"}},
        lambda aws, made: aws("s3").put_bucket_tagging(
            Bucket=made.id, Tagging={"TagSet": [{"Key": "by", "Value": "hand"}]}
        ),
        {"tags", "tagsAll"},
        {"bucket": "other-images"},
        conflict="BucketAlreadyOwnedByYou",
    ),
    Case(
        "aws:s3/bucketNotification:BucketNotification",
        {
            "bucket": "shop-images",
            "queues": [{"queueArn": TARGET_ARN, "events": ["s3:ObjectCreated:*"], "filterPrefix": "in/"}],
        },
        {"queues": [{"queueArn": TARGET_ARN, "events": ["s3:ObjectRemoved:*"], "filterSuffix": ".png"}]},
        lambda aws, made: aws("s3").put_bucket_notification_configuration(
            Bucket=made.id,
            NotificationConfiguration={
                "QueueConfigurations": [{"QueueArn": TARGET_ARN, "Events": ["s3:ObjectCreated:Put"]}]
            },
        ),
        {"queues"},
        {"bucket": "other-images"},
        needs=((BUCKET, {"bucket": "shop-images"}), DLQ, (QUEUE, QUEUE_INPUTS)),
    ),
    Case(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        {"bucket": "shop-images", "blockPublicAcls": True, "blockPublicPolicy": True},
        {"ignorePublicAcls": True},
        lambda aws, made: aws("s3").put_public_access_block(
            Bucket=made.id, PublicAccessBlockConfiguration={"BlockPublicAcls": False}
        ),
        {"blockPublicAcls", "blockPublicPolicy"},
        {"bucket": "other-images"},
        needs=((BUCKET, {"bucket": "shop-images"}),),
    ),
    Case(
        "aws:cloudfront/function:Function",
        {
            "name": "paths",
            "runtime": "cloudfront-js-2.0",
            "code": "function handler(event) { return event.request; }",
            "comment": "1.0.0 sha256:1",
            "publish": True,
            "tags": {"team": "a"},
        },
        {"code": "function handler(event) { return 1; }", "comment": "1.0.1 sha256:2", "tags": {"owner": "b"}},
        lambda aws, made: aws("cloudfront").tag_resource(
            Resource=made.state["arn"], Tags={"Items": [{"Key": "by", "Value": "hand"}]}
        ),
        {"tags", "tagsAll"},
        {"name": "other"},
        conflict="FunctionAlreadyExists",
    ),
    Case(
        "aws:pipes/pipe:Pipe",
        {
            "name": "orders.check",
            "roleArn": "arn:aws:iam::123456789012:role/shop",
            "source": TARGET_ARN,
            "sourceParameters": {"sqsQueueParameters": {"batchSize": 1}},
            "enrichment": "arn:aws:lambda:eu-west-1:123456789012:function:thumb:live",
            "target": TARGET_ARN + "-dlq",
            "tags": {"team": "a"},
        },
        {"target": TARGET_ARN + "-next", "description": "check", "tags": {"owner": "b"}},
        lambda aws, made: aws("pipes").update_pipe(
            Name=made.id, RoleArn="arn:aws:iam::123456789012:role/shop", Target=TARGET_ARN + "-elsewhere"
        ),
        {"target"},
        {"source": TARGET_ARN + "-other"},
        conflict="ConflictException",
    ),
    Case(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        {
            "name": "orders.lag",
            "namespace": "AWS/SQS",
            "metricName": "ApproximateAgeOfOldestMessage",
            "dimensions": {"QueueName": "jobs"},
            "statistic": "Maximum",
            "period": 60,
            "evaluationPeriods": 5,
            "datapointsToAlarm": 3,
            "comparisonOperator": "GreaterThanThreshold",
            "threshold": 300,
            "treatMissingData": "notBreaching",
            "tags": {"team": "a"},
        },
        {"threshold": 600, "alarmDescription": "orders wait", "tags": {"owner": "b"}},
        lambda aws, made: aws("cloudwatch").put_metric_alarm(
            AlarmName=made.id,
            Namespace="AWS/SQS",
            MetricName="ApproximateAgeOfOldestMessage",
            Dimensions=[{"Name": "QueueName", "Value": "jobs"}],
            Statistic="Maximum",
            Period=60,
            EvaluationPeriods=5,
            DatapointsToAlarm=3,
            ComparisonOperator="GreaterThanThreshold",
            Threshold=9000,
            TreatMissingData="notBreaching",
        ),
        {"threshold"},
        {"name": "other"},
    ),
    Case(
        "aws:kinesis/stream:Stream",
        {
            "name": "clicks",
            "streamModeDetails": {"streamMode": "ON_DEMAND"},
            "encryptionType": "KMS",
            "kmsKeyId": "alias/aws/kinesis",
            "tags": {"team": "a"},
        },
        {"retentionPeriod": 48, "tags": {"owner": "b"}},
        lambda aws, made: aws("kinesis").increase_stream_retention_period(StreamName="clicks", RetentionPeriodHours=72),
        {"retentionPeriod"},
        {"name": "other"},
        import_id=lambda made: "clicks",
        conflict="ResourceInUseException",
    ),
]
each_type = pytest.mark.parametrize("case", CASES, ids=lambda case: case.type_.rpartition(":")[2])


@pytest.fixture
def world(engine: Engine, moto_address: str) -> Callable[[Case], tuple[Props, Made]]:
    """Make what a case needs, and the resource itself."""

    def prepare(case: Case) -> tuple[Props, Made]:
        for type_, inputs in case.needs:
            engine.create(type_, inputs)
        inputs = addressed(case.inputs, moto_address)
        return inputs, engine.create(case.type_, inputs)

    return prepare


def addressed(inputs: Props, moto_address: str) -> Props:
    return {
        key: value.replace("{address}", moto_address) if isinstance(value, str) else value
        for key, value in inputs.items()
    }


def test_there_is_a_case_for_every_type() -> None:
    assert sorted(case.type_ for case in CASES) == sorted(known_types())


@each_type
def test_made_and_made_again_there_is_nothing_to_do(case, world, engine) -> None:
    inputs, made = world(case)
    assert made.id
    again = engine.diff(made, inputs)
    assert (list(again.diffs), list(again.replaces)) == ([], [])
    read = engine.read(made)
    assert (read.id, read.inputs, read.state) == (made.id, made.inputs, made.state)


@each_type
def test_a_change_in_place_reaches_aws(case, world, engine) -> None:
    inputs, made = world(case)
    if not case.change:
        pytest.skip("nothing of it changes in place")
    diff = engine.diff(made, {**inputs, **case.change})
    assert set(case.change) <= set(diff.diffs)
    assert not diff.replaces
    assert diff.changes == provider_pb2.DiffResponse.DIFF_SOME
    updated = engine.update(made, {**inputs, **case.change})
    read = engine.read(updated)
    assert (read.inputs, read.state) == (updated.inputs, updated.state)
    assert not engine.diff(read, {**inputs, **case.change}).diffs
    imported = engine.read(Made(case.type_, case.import_id(updated)))
    assert not engine.diff(imported, {**inputs, **case.change}).diffs


@each_type
def test_a_hand_edit_is_found_and_repaired(case, world, engine, aws) -> None:
    inputs, made = world(case)
    case.break_(aws, made)
    found = engine.read(made)
    if not case.drift:
        assert found.id == ""
        return
    diff = engine.diff(found, inputs)
    assert set(diff.diffs) == case.drift
    assert not diff.replaces
    repaired = engine.update(found, inputs)
    assert engine.read(repaired).inputs == made.inputs


@each_type
def test_what_cannot_change_is_replaced(case, world, engine, moto_address) -> None:
    inputs, made = world(case)
    diff = engine.diff(made, {**inputs, **addressed(case.replace, moto_address)})
    assert list(diff.replaces) == list(case.replace)
    renamed = set(case.replace) & {"name", "bucket", "queueUrl", "targetId", "functionName", "eventSourceArn"}
    assert diff.deleteBeforeReplace == (not renamed)


@each_type
def test_imported_by_its_name_there_is_nothing_to_do(case, world, engine) -> None:
    inputs, made = world(case)
    imported = engine.read(Made(case.type_, case.import_id(made)))
    assert imported.id == made.id
    assert list(engine.diff(imported, inputs).diffs) == []
    # The engine keeps the imported state with the program's inputs; from then on everything is compared.
    kept = Made(case.type_, imported.id, engine.check(case.type_, inputs), imported.state)
    assert list(engine.diff(kept, inputs).diffs) == []


@each_type
def test_deleted_twice_it_is_gone(case, world, engine) -> None:
    inputs, made = world(case)
    engine.delete(made)
    assert engine.read(made).id == ""
    engine.delete(made)
    assert engine.create(case.type_, inputs).id


@each_type
def test_a_second_of_the_same_name_is_refused_where_aws_does(case, world, engine) -> None:
    inputs, made = world(case)
    if case.conflict:
        with pytest.raises(AbortedError, match=case.conflict):
            engine.create(case.type_, inputs)
    else:
        assert engine.create(case.type_, inputs).id == made.id


def test_a_queue_of_the_same_name_and_other_attributes_is_refused(engine) -> None:
    engine.create(QUEUE, {"name": "jobs", "visibilityTimeoutSeconds": 60})
    with pytest.raises(AbortedError, match="QueueAlreadyExists"):
        engine.create(QUEUE, {"name": "jobs", "visibilityTimeoutSeconds": 61})


@each_type
def test_a_preview_of_a_creation_leaves_what_aws_decides_unknown(case, engine, aws) -> None:
    inputs = {**case.inputs, **{key: UNKNOWN for key in ("role", "functionVersion", "queueUrl") if key in case.inputs}}
    planned = engine.create(case.type_, inputs, preview=True)
    assert planned.id == ""
    assert planned.state.get("arn", UNKNOWN) == UNKNOWN or "arn" in case.inputs


def test_a_new_version_is_unknown_until_published(engine) -> None:
    for needed in WITH_FUNCTION[:1]:
        engine.create(*needed)
    made = engine.create(FUNCTION, FUNCTION_INPUTS)
    assert made.state["version"] == "1"
    planned = engine.update(made, {**FUNCTION_INPUTS, "code": code("two")}, preview=True)
    unknown = {key for key, value in planned.state.items() if value == UNKNOWN}
    assert unknown == {
        "codeSha256",
        "sourceCodeHash",
        "sourceCodeSize",
        "lastModified",
        "version",
        "qualifiedArn",
        "qualifiedInvokeArn",
    }
    assert planned.state["arn"] == made.state["arn"]
    updated = engine.update(made, {**FUNCTION_INPUTS, "code": code("two")})
    assert updated.state["version"] == "2"
    assert updated.state["qualifiedArn"].endswith(":thumb:2")
    alias = engine.create(ALIAS, {"name": "live", "functionName": "thumb", "functionVersion": "1"})
    assert engine.diff(alias, {"name": "live", "functionName": "thumb", "functionVersion": UNKNOWN}).diffs


def test_tags_alone_publish_nothing_and_a_repair_of_settings_neither(engine, aws) -> None:
    engine.create(ROLE, ROLE_INPUTS)
    made = engine.create(FUNCTION, FUNCTION_INPUTS)
    tagged = engine.update(made, {**FUNCTION_INPUTS, "tags": {"x": "y"}})
    assert tagged.state["version"] == "1"
    aws("lambda").update_function_configuration(FunctionName="thumb", MemorySize=1024)
    repaired = engine.update(engine.read(tagged), {**FUNCTION_INPUTS, "tags": {"x": "y"}})
    assert (repaired.state["memorySize"], repaired.state["version"]) == (256, "1")


def test_code_uploaded_by_hand_is_found_and_replaced_by_ours(engine, aws) -> None:
    engine.create(ROLE, ROLE_INPUTS)
    made = engine.create(FUNCTION, FUNCTION_INPUTS)
    aws("lambda").update_function_code(FunctionName="thumb", ZipFile=zipped(code("evil")))
    found = engine.read(made)
    assert list(engine.diff(found, FUNCTION_INPUTS).diffs) == ["sourceCodeHash"]
    assert engine.update(found, FUNCTION_INPUTS).state["codeSha256"] == made.state["codeSha256"]


def test_code_is_compared_by_the_engines_hash(engine) -> None:
    engine.create(ROLE, ROLE_INPUTS)
    made = engine.create(FUNCTION, {**FUNCTION_INPUTS, "code": {**code("one"), "hash": "h1"}})
    made.inputs["code"] = {SIGNATURE: ARCHIVE, "hash": "h1"}  # as the engine sends it back
    assert not engine.diff(made, {**FUNCTION_INPUTS, "code": {**code("one"), "hash": "h1"}}).diffs
    diff = engine.diff(made, {**FUNCTION_INPUTS, "code": {**code("2"), "hash": "h2"}})
    assert list(diff.diffs) == ["code", "sourceCodeHash"]


def test_the_same_files_are_the_same_code_wherever_they_come_from(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "index.py").write_text("one")
    (tmp_path / "one.zip").write_bytes(zipped(code("one")))
    for path in ("one", "one.zip"):
        archive = {SIGNATURE: ARCHIVE, "path": str(tmp_path / path)}
        assert sha256(zipped(archive)) == sha256(zipped(code("one")))


def test_a_mapping_of_an_alias_that_moved_on_is_no_drift(engine) -> None:
    case = next(case for case in CASES if case.type_ == MAPPING)
    for needed in case.needs:
        engine.create(*needed)
    made = engine.create(MAPPING, case.inputs)
    alias = engine.read(Made(ALIAS, "thumb/live"))
    engine.update(alias, {"name": "live", "functionName": "thumb", "functionVersion": "$LATEST"})
    assert engine.read(made).inputs == made.inputs


def test_default_tags_of_the_provider_reach_aws(aws) -> None:
    engine = Engine({"defaultTags": json.dumps({"tags": {"managed-by": "pulumi", "team": "none"}})})
    made = engine.create(QUEUE, {"name": "jobs", "tags": {"team": "a"}})
    assert made.state["tags"] == {"team": "a"}
    assert made.state["tagsAll"] == {"team": "a", "managed-by": "pulumi"}
    assert aws("sqs").list_queue_tags(QueueUrl=made.id)["Tags"] == made.state["tagsAll"]
    assert engine.read(made).inputs == made.inputs
    assert set(Engine().diff(made, {"name": "jobs", "tags": {"team": "a"}}).diffs) == {"tagsAll"}


def test_a_resource_may_live_in_another_region(engine) -> None:
    made = engine.create(QUEUE, {"name": "jobs", "region": "us-east-1"})
    assert ":us-east-1:" in made.state["arn"]
    assert list(engine.diff(made, {"name": "jobs"}).replaces) == ["region"]


def test_a_name_is_generated_once(engine) -> None:
    made = engine.create(QUEUE, {})
    assert made.inputs["name"].startswith("thing-")
    assert len(made.inputs["name"]) == len("thing-") + 7
    assert not engine.diff(made, {}).diffs
    assert engine.create(QUEUE, {"namePrefix": "jobs-"}).inputs["name"].startswith("jobs-")


def test_secrets_are_unwrapped(engine) -> None:
    secret = {SIGNATURE: SECRET, "value": "jobs"}
    assert engine.create(QUEUE, {"name": secret}).state["name"] == "jobs"


def test_an_unknown_type_is_refused_with_what_is_known(engine) -> None:
    with pytest.raises(
        AbortedError, match=r"aws:ec2/instance:Instance: no such resource type.*aws:iam/role:Role.*official"
    ):
        engine.check("aws:ec2/instance:Instance", {})


def test_an_unknown_property_is_refused(engine) -> None:
    answer = engine.provider.Check(provider_pb2.CheckRequest(urn=urn(QUEUE), news=encode({"nmae": "x"})), Call())
    assert [failure.property for failure in answer.failures] == ["nmae"]


def test_without_an_endpoint_it_refuses_to_start(aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    with pytest.raises(AbortedError, match="AWS_ENDPOINT_URL is not set"):
        Engine()


def test_who_and_where(engine) -> None:
    def ask(token: str) -> Props:
        return decode(getattr(engine.provider.Invoke(provider_pb2.InvokeRequest(tok=token), Call()), "return"))

    assert ask("aws:index/getCallerIdentity:getCallerIdentity")["accountId"] == "123456789012"
    assert ask("aws:index/getRegion:getRegion")["region"] == "eu-west-1"
    with pytest.raises(AbortedError, match="no such function"):
        ask("aws:index/getPartition:getPartition")
