"""A Lambda function: its log group, its versions, and the alias everything calls."""

from collections.abc import Iterator
from typing import Any

from appofapps.catalog.models.function import Function, FunctionProfile
from appofapps.plan import conventions as c
from appofapps.plan.plan import PlannedChild
from components.aws import arns, identity


def profile(planned: PlannedChild[Function]) -> FunctionProfile:
    """Return the size of a function in the tier of its environment."""
    return planned.child.profiles[planned.environment.tier]


def logs(planned: PlannedChild[Function]) -> dict[str, Any]:
    """Return the function's log group; made here, it has a retention, made by Lambda it would be kept for ever."""
    return {
        "name": arns.log_group(planned),
        "retentionInDays": planned.child.spec.log_retention_days,
        "tags": dict(planned.tags),
    }


def permissions(planned: PlannedChild[Function]) -> Iterator[identity.Statement]:
    """Yield what every function may: write its log, and read its queue."""
    logs = arns.arn(planned, "logs", f"log-group:{arns.log_group(planned)}:*")
    yield identity.allow(["logs:CreateLogStream", "logs:PutLogEvents"], [logs])
    if queue := planned.child.spec.triggers.queue:
        actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        yield identity.allow(actions, [arns.queue_arn(planned, queue.name)])


def function(planned: PlannedChild[Function]) -> dict[str, Any]:
    """Return the function but for its code archive; each change of code or settings publishes a version."""
    spec, size = planned.child.spec, profile(planned)
    assert planned.code
    reserved = size.reserved_concurrency
    return {
        "name": planned.name,
        "description": planned.child.description,
        "role": arns.role_arn(planned),
        "runtime": spec.runtime,
        "handler": spec.handler,
        "architectures": [spec.architecture],
        "memorySize": size.memory_mb,
        "timeout": size.timeout,
        "environment": {"variables": _variables(planned)},
        "publish": True,
        **({"reservedConcurrentExecutions": reserved} if reserved is not None else {}),
        "tags": {**planned.release_tags, c.TAG_PREFIX + "code": planned.code.digest},
    }


def alias(planned: PlannedChild[Function]) -> dict[str, Any]:
    """Return the alias, but for the version it points at: only the function itself knows that."""
    return {"name": arns.ALIAS, "functionName": planned.name}


def _variables(planned: PlannedChild[Function]) -> dict[str, str]:
    """Return the environment; a secret is there as its ARN, which the code resolves."""
    secrets = {secret.variable: secret.arn for secret in planned.child.secrets if secret.arn}
    return {**planned.child.variables(planned.environment.tier), **secrets}
