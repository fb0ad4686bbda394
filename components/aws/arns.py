"""The ARNs of what a child has in AWS, known before anything exists: names and account come from the catalog."""

from appofapps.catalog.models.child import ChildFile
from appofapps.plan.naming import bucket_name, queue_name, role_name
from appofapps.plan.plan import PlannedChild

ALIAS = "live"
"""The alias of a function that everything calls; it points at the published version."""


def arn(planned: PlannedChild[ChildFile], service: str, resource: str) -> str:
    """Return the ARN of something in the account and region of a child."""
    return f"arn:aws:{service}:{planned.place.region}:{planned.environment.aws_account}:{resource}"


def role(planned: PlannedChild[ChildFile]) -> str:
    """Return the name of a child's role; the place is part of it, because roles are global in an account."""
    return role_name(planned.name, planned.place.name)


def role_arn(planned: PlannedChild[ChildFile]) -> str:
    """Return the ARN of a child's role."""
    return f"arn:aws:iam::{planned.environment.aws_account}:role/{role(planned)}"


def queue(planned: PlannedChild[ChildFile], name: str) -> str:
    """Return the physical name of a queue or a stream of the catalog."""
    return queue_name(planned.environment.name, name)


def queue_arn(planned: PlannedChild[ChildFile], name: str) -> str:
    """Return the ARN of a queue of the catalog, in the child's region."""
    return arn(planned, "sqs", queue(planned, name))


def stream_arn(planned: PlannedChild[ChildFile], name: str) -> str:
    """Return the ARN of a stream of the catalog, in the child's region."""
    return arn(planned, "kinesis", f"stream/{queue(planned, name)}")


def parameter_arn(planned: PlannedChild[ChildFile], name: str) -> str:
    """Return the ARN of a parameter below the physical name of a child, `CHILD/NAME`, in the child's region."""
    owner, _, rest = name.partition("/")
    return arn(planned, "ssm", f"parameter/{planned.physical_names[owner]}/{rest}")


def called(planned: PlannedChild[ChildFile], name: str) -> str:
    """Return the ARN by which a child calls a function of the catalog: its live alias."""
    return arn(planned, "lambda", f"function:{planned.physical_names[name]}:{ALIAS}")


def bucket(planned: PlannedChild[ChildFile], name: str) -> str:
    """Return the physical name of a bucket of the catalog, in the child's region."""
    environment = planned.environment
    return bucket_name(environment.name, environment.aws_account, planned.place.region, name)


def bucket_arn(planned: PlannedChild[ChildFile], name: str) -> str:
    """Return the ARN of a bucket of the catalog, in the child's region."""
    return f"arn:aws:s3:::{bucket(planned, name)}"


def function_arn(planned: PlannedChild[ChildFile]) -> str:
    """Return the ARN of a function's live alias: what callers use."""
    return arn(planned, "lambda", f"function:{planned.name}:{ALIAS}")


def edge_function_arn(planned: PlannedChild[ChildFile]) -> str:
    """Return the ARN of a CloudFront Function: what distributions are given."""
    return f"arn:aws:cloudfront::{planned.environment.aws_account}:function/{planned.cloud_name}"


def log_group(planned: PlannedChild[ChildFile]) -> str:
    """Return the name of a function's log group; Lambda writes there by convention."""
    return f"/aws/lambda/{planned.name}"
