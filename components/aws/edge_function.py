"""Functions that CloudFront runs: as it takes them, in `us-east-1` alone, and as Lambda@Edge."""

from collections.abc import Iterator
from typing import Any, Final

from appofapps.catalog.models.edge_function import CODE_FILE, CloudFrontSpec, EdgeFunction, LambdaEdgeSpec
from appofapps.plan import conventions as c
from appofapps.plan.plan import PlannedChild
from components.aws import identity

PRINCIPALS: Final = ("lambda", "edgelambda")
"""Both must be trusted: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html."""

Document = dict[str, Any]


def cloudfront_function(planned: PlannedChild[EdgeFunction], spec: CloudFrontSpec) -> Document:
    """Return a CloudFront Function, which is published with every change.

    Its tags are of both stages at once; the comment is published along with the code, so it says which version is live.
    """
    assert planned.code
    return {
        "name": planned.cloud_name,
        "runtime": spec.language,
        "code": (planned.code.folder / CODE_FILE).read_text(encoding="utf-8"),
        "comment": f"{planned.child.version} {planned.code.digest}",
        "publish": True,
        "tags": _tags(planned),
    }


def lambda_function(planned: PlannedChild[EdgeFunction], spec: LambdaEdgeSpec, role_arn: str) -> Document:
    """Return a function of Lambda@Edge but for its code archive; each change publishes a version."""
    return {
        "name": planned.cloud_name,
        "region": planned.home,
        "description": planned.child.description,
        "role": role_arn,
        "runtime": spec.language,
        "handler": spec.handler,
        "architectures": ["x86_64"],
        "memorySize": spec.memory_mb,
        "timeout": spec.timeout,
        "publish": True,
        "tags": _tags(planned),
    }


def permissions(planned: PlannedChild[EdgeFunction]) -> Iterator[identity.Statement]:
    """Yield what Lambda@Edge may: log, in whichever region the viewer is near, into a group that AWS makes there."""
    group = f"log-group:/aws/lambda/{planned.home}.{planned.cloud_name}:*"
    logs = f"arn:aws:logs:*:{planned.environment.aws_account}:{group}"
    yield identity.allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], [logs])


def _tags(planned: PlannedChild[EdgeFunction]) -> dict[str, str]:
    assert planned.code
    return {**planned.release_tags, c.TAG_PREFIX + "code": planned.code.digest}
