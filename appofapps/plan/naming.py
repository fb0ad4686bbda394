"""Physical names: stable, ours, and within the limit of whatever carries them."""

import hashlib
from typing import Final

NAMESPACE_LIMIT: Final = 63
ROLE_LIMIT: Final = 64
QUEUE_LIMIT: Final = 80
BUCKET_LIMIT: Final = 63
JOB_LIMIT: Final = 63
CRON_JOB_LIMIT: Final = 52
RELEASE_LIMIT: Final = 53
"""Of a helm release, so that what charts append still fits."""
_PIPELINE_LIMIT: Final = 39
_STEP_LIMIT: Final = 24

_HASH = 8


def physical_name(*parts: str, limit: int = NAMESPACE_LIMIT) -> str:
    """Join parts with dashes; a name over the limit is cut and ends in a hash of the whole, so it stays unique.

    >>> physical_name("dev", "cart")
    'dev-cart'
    """
    name = "-".join(parts)
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:_HASH]
    return f"{name[: limit - _HASH - 1].rstrip('-')}-{digest}"


def service_host(name: str, namespace: str = "") -> str:
    """Return the name of a Service within its cluster; by default that of a child, whose namespace has its name."""
    return f"{name}.{namespace or name}.svc.cluster.local"


def queue_name(environment: str, queue: str) -> str:
    """Return the name of a queue or a stream that a child claims."""
    return physical_name(environment, queue, limit=QUEUE_LIMIT)


def bucket_name(environment: str, account: str, region: str, bucket: str) -> str:
    """Return the name of a bucket; bucket names are global, so account and region are part of it."""
    return physical_name(environment, bucket, account, region, limit=BUCKET_LIMIT)


def role_name(name: str, place: str) -> str:
    """Return the name of a child's role, or of what else is global: the place is part of it."""
    return physical_name(name, place, limit=ROLE_LIMIT)


def pipe_prefix(name: str) -> str:
    """Return what the names of all pipes of a pipeline begin with, and no other pipe's."""
    return physical_name(name, limit=_PIPELINE_LIMIT) + "."


def pipe_name(name: str, step: str) -> str:
    """Return the name of the pipe of one step: at most 64 characters, with a dot, which no name of a child has."""
    return pipe_prefix(name) + physical_name(step, limit=_STEP_LIMIT)
