"""Who a child is in AWS, and the least it may do there."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from appofapps.catalog.models.child import ChildFile
from appofapps.plan.plan import PlannedChild
from components.aws import arns

Statement = dict[str, Any]


def role(planned: PlannedChild[ChildFile], services: Sequence[str] = ("lambda",)) -> dict[str, Any]:
    """Return the child's role: outside of clusters services assume it, a pod's is its service account's alone."""
    trust = _services_trust(services) if planned.place.cluster is None else _service_account_trust(planned)
    return {
        "name": arns.role(planned),
        "assumeRolePolicy": policy([trust]),
        "tags": dict(planned.tags),
    }


def role_policy(planned: PlannedChild[ChildFile], of_the_kind: Iterable[Statement] = ()) -> dict[str, Any]:
    """Return what the role may do: what the kind needs, what the child declares, and its secrets."""
    statements = [*of_the_kind, *_declared(planned), *_secrets(planned)]
    return {"name": planned.name, "role": arns.role(planned), "policy": policy(statements)}


def policy(statements: Sequence[Statement]) -> str:
    """Return statements as a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions: Iterable[str], resources: Iterable[str]) -> Statement:
    """Return a statement of a policy."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}


def _services_trust(services: Sequence[str]) -> Statement:
    principals = [f"{service}.amazonaws.com" for service in services]
    trusted = principals[0] if len(principals) == 1 else principals
    return {"Effect": "Allow", "Principal": {"Service": trusted}, "Action": "sts:AssumeRole"}


def _service_account_trust(planned: PlannedChild[ChildFile]) -> Statement:
    """Return the trust in one service account of one cluster.

    https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
    """
    assert planned.place.cluster
    issuer = planned.place.cluster.oidc_issuer
    provider = f"arn:aws:iam::{planned.environment.aws_account}:oidc-provider/{issuer}"
    return {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{issuer}:aud": "sts.amazonaws.com",
                f"{issuer}:sub": f"system:serviceaccount:{planned.name}:{planned.name}",
            }
        },
    }


def _declared(planned: PlannedChild[ChildFile]) -> Iterable[Statement]:
    for permission in planned.child.cloud_identity:
        resources = [found for resource in permission.resources for found in _resource_arns(planned, resource)]
        yield allow(permission.actions, resources)


def _resource_arns(planned: PlannedChild[ChildFile], resource: str) -> Iterable[str]:
    scheme, _, name = resource.partition(":")
    if scheme == "queue":
        yield arns.queue_arn(planned, name)
    elif scheme == "stream":
        yield arns.stream_arn(planned, name)
    elif scheme == "parameter":
        yield arns.parameter_arn(planned, name)
    elif scheme == "bucket":
        bucket = arns.bucket_arn(planned, name)
        yield from (bucket, f"{bucket}/*")
    else:
        yield resource


def _secrets(planned: PlannedChild[ChildFile]) -> Iterable[Statement]:
    secrets = planned.child.secrets
    manager = [secret.secrets_manager for secret in secrets if secret.secrets_manager]
    parameters = [secret.ssm for secret in secrets if secret.ssm]
    if manager:
        yield allow(["secretsmanager:GetSecretValue"], manager)
    if parameters:
        yield allow(["ssm:GetParameter"], parameters)
