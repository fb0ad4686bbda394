"""Permissions: what a child may do in AWS, and on what."""

from typing import Annotated, Final

from pydantic import Field

from appofapps.catalog.models.base import Model

PARAMETER: Final = "parameter:"


class Permission(Model):
    """AWS actions a child may call, and on what."""

    actions: Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z0-9-]+:[A-Za-z]+\*?$")], ...], Field(min_length=1)]
    resources: Annotated[
        tuple[Annotated[str, Field(pattern=r"^(arn:aws|queue:|stream:|bucket:|parameter:[^/]+/.)")], ...],
        Field(min_length=1),
    ]
    """ARNs; `queue:NAME`, `stream:NAME` and `bucket:NAME` for those that children of this catalog claim; and
    `parameter:CHILD/NAME` for `/<physical name of that child>/NAME` in Systems Manager, which functions write."""


def parameter_owner(resource: str) -> str | None:
    """Return the child whose parameter a resource is; None where it is something else."""
    return resource.removeprefix(PARAMETER).partition("/")[0] if resource.startswith(PARAMETER) else None
