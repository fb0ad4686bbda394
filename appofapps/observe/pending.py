"""Under which id an interrupted creation is found, if it made anything.

Names are ours and deterministic, so the id follows from the inputs nearly always; where AWS chose it, AWS is asked.
The ids are those that the provider itself gives when it creates the resource. Whether the thing exists the provider
says when it reads that id: this module needs not know how to read everything.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from appofapps.observe.aws import Client, account, connect, is_missing

Inputs = Mapping[str, Any]
Find = Callable[[str, Inputs, str], str | None]
"""(type token, inputs, the provider's name) to the id it has if it exists; None when it does not exist.

Raises LookupError for a type that it does not know.
"""
REGION_PROVIDER: Final = "aws-"


def kubernetes(_kind: str, inputs: Inputs, _provider: str) -> str:
    """Return `namespace/name`, or the name of what is in no namespace; a helm release has no metadata."""
    metadata = inputs.get("metadata", inputs)
    return "/".join(part for part in (metadata.get("namespace"), metadata["name"]) if part)


def aws(client: Client = connect) -> Find:
    """Return the lookup for AWS, which first makes sure that AWS answers: else nothing can be verified."""
    answered: set[str] = set()

    def find(kind: str, inputs: Inputs, provider: str) -> str | None:
        region = str(inputs.get("region") or provider.removeprefix(REGION_PROVIDER))
        name = kind.removeprefix("aws:")
        if region not in answered:
            account(client, region)
            answered.add(region)
        if name in _ASKED:
            service, ask = _ASKED[name]
            return ask(client(service, region), inputs)
        if name not in _DERIVED:
            raise LookupError(f"how to find a resource of type {kind} is not known")
        return _DERIVED[name](inputs)

    return find


def finds(client: Client = connect) -> Mapping[str, Find]:
    """Return the lookups by package."""
    return {"aws": aws(client), "kubernetes": kubernetes}


def _function(reference: str) -> str:
    """Return a function's bare name; it is given as a name or as an ARN, of an alias perhaps."""
    _, found, after = reference.rpartition(":function:")
    return (after if found else reference).partition(":")[0]


def _on_its_bus(inputs: Inputs, name: str, separator: str) -> str:
    bus = inputs.get("eventBusName") or "default"
    return name if bus == "default" else f"{bus}{separator}{name}"


def _function_url(inputs: Inputs) -> str:
    return "/".join(part for part in (_function(inputs["functionName"]), inputs.get("qualifier")) if part)


def _alias(functions: Any, inputs: Inputs) -> str | None:  # noqa: ANN401  (a boto3 client)
    try:
        found = functions.get_alias(FunctionName=_function(inputs["functionName"]), Name=inputs["name"])
    except functions.exceptions.ClientError as error:
        if is_missing(error):
            return None
        raise
    return str(found["AliasArn"])


def _queue(sqs: Any, inputs: Inputs) -> str | None:  # noqa: ANN401  (a boto3 client)
    try:
        return str(sqs.get_queue_url(QueueName=inputs["name"])["QueueUrl"])
    except sqs.exceptions.ClientError as error:
        if is_missing(error):
            return None
        raise


def _stream(kinesis: Any, inputs: Inputs) -> str | None:  # noqa: ANN401  (a boto3 client)
    try:
        found = kinesis.describe_stream_summary(StreamName=inputs["name"])
    except kinesis.exceptions.ClientError as error:
        if is_missing(error):
            return None
        raise
    return str(found["StreamDescriptionSummary"]["StreamARN"])


def _event_source_mapping(functions: Any, inputs: Inputs) -> str | None:  # noqa: ANN401  (a boto3 client)
    """Return the mapping's UUID; AWS allows one between a source and a function."""
    pages = functions.get_paginator("list_event_source_mappings").paginate(EventSourceArn=inputs["eventSourceArn"])
    for mapping in (mapping for page in pages for mapping in page["EventSourceMappings"]):
        if _function(mapping["FunctionArn"]) == _function(inputs["functionName"]):
            return str(mapping["UUID"])
    return None


_DERIVED: Final[Mapping[str, Callable[[Inputs], str]]] = {
    "cloudfront/function:Function": lambda inputs: inputs["name"],
    "cloudwatch/eventRule:EventRule": lambda inputs: _on_its_bus(inputs, inputs["name"], "/"),
    "cloudwatch/eventTarget:EventTarget": lambda inputs: _on_its_bus(
        inputs, f"{inputs['rule']}-{inputs['targetId']}", "-"
    ),
    "cloudwatch/logGroup:LogGroup": lambda inputs: inputs["name"],
    "cloudwatch/metricAlarm:MetricAlarm": lambda inputs: inputs["name"],
    "iam/role:Role": lambda inputs: inputs["name"],
    "iam/rolePolicy:RolePolicy": lambda inputs: f"{inputs['role']}:{inputs['name']}",
    "lambda/function:Function": lambda inputs: inputs["name"],
    "lambda/functionUrl:FunctionUrl": _function_url,
    "lambda/permission:Permission": lambda inputs: inputs["statementId"],
    "pipes/pipe:Pipe": lambda inputs: inputs["name"],
    "s3/bucket:Bucket": lambda inputs: inputs["bucket"],
    "s3/bucketNotification:BucketNotification": lambda inputs: inputs["bucket"],
    "s3/bucketPublicAccessBlock:BucketPublicAccessBlock": lambda inputs: inputs["bucket"],
    "sqs/queuePolicy:QueuePolicy": lambda inputs: inputs["queueUrl"],
}
_ASKED: Final[Mapping[str, tuple[str, Callable[[Any, Inputs], str | None]]]] = {
    "kinesis/stream:Stream": ("kinesis", _stream),
    "lambda/alias:Alias": ("lambda", _alias),
    "lambda/eventSourceMapping:EventSourceMapping": ("lambda", _event_source_mapping),
    "sqs/queue:Queue": ("sqs", _queue),
}
