"""The functions of the provider (data sources) that programs call."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.aws.cloud import Region
from sandbox.aws.resource import RefusedError
from sandbox.aws.table import not_covered
from sandbox.aws.wire import Props


def caller_identity(region: Region) -> Props:
    """Tell who calls."""
    answer = region.client("sts").get_caller_identity()
    account = answer["Account"]
    return {"accountId": account, "arn": answer["Arn"], "userId": answer["UserId"], "id": account}


def current_region(region: Region) -> Props:
    """Tell where."""
    name = region.name
    return {"region": name, "name": name, "description": name, "endpoint": f"ec2.{name}.amazonaws.com", "id": name}


INVOKES: dict[str, Callable[[Region], Props]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": caller_identity,
    "aws:index/getRegion:getRegion": current_region,
}


def invoke(token: str, region: Region) -> Props:
    """Answer a call."""
    if token not in INVOKES:
        raise RefusedError(not_covered("function", token, INVOKES))
    return INVOKES[token](region)
