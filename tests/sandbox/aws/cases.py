"""Every resource type of the stand-in: how to make one, and what may happen to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.aws.wire import ARCHIVE, ASSET, SIGNATURE, Props
from tests.sandbox.aws.engine import Made

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


def code(text: str) -> Props:
    """Return an archive of one file, as the engine sends it."""
    return {SIGNATURE: ARCHIVE, "assets": {"index.py": {SIGNATURE: ASSET, "text": text}}}


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
