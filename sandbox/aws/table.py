"""All resource types the stand-in knows, and the refusal of others."""

from __future__ import annotations

from sandbox.aws import access, alarms, cloudfront, events, functions, iam, invocation, kinesis, logs, pipes, s3, sqs
from sandbox.aws.resource import RefusedError, Resource

_MODULES = (iam, functions, invocation, access, logs, sqs, events, s3, cloudfront, pipes, alarms, kinesis)
RESOURCES: dict[str, Resource] = {resource.type_name: resource for module in _MODULES for resource in module.RESOURCES}


def resource_of(token: str) -> Resource:
    """Return the declaration of a resource type."""
    if token not in RESOURCES:
        raise RefusedError(not_covered("resource type", token, RESOURCES))
    return RESOURCES[token]


def not_covered(what: str, name: str, known: object) -> str:
    """Say that something is beyond the stand-in, what it knows, and what to do."""
    covered = ", ".join(sorted(known)) if isinstance(known, (dict, list, tuple, set)) else str(known)
    return (
        f"{name}: no such {what} in the aws stand-in of the sandbox. It is a stand-in for laptops and CI and knows: "
        f"{covered}. For the rest install the official plugin: pulumi plugin install resource aws 7.51.1"
    )
