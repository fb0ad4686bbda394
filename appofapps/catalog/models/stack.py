"""The kind `stack`: a Pulumi stack that the Pulumi Kubernetes Operator runs."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from appofapps.catalog.models.base import Name
from appofapps.catalog.models.child import TENANCY_RESOURCES, ObjectType
from appofapps.catalog.models.delegated import Committed, Delegated

PULUMI = "pulumi.com/v1"


class StackSpec(Committed):
    """Which program runs, and as what."""

    stack: Annotated[str, Field(pattern=r"^[\w.-]+(/[\w.-]+){0,2}$")]
    """The stack's name in its backend: `organization/project/stack`, or the end of that."""
    backend: Annotated[str, Field(pattern=r"^[a-z0-9]+://\S+$")] | None = None
    """Where its state lies; None is Pulumi Cloud."""
    service_account: Name
    """Whom the program runs as: an account in the child's namespace, made by those who answer for its rights."""
    destroy: bool = True
    """Whether removing the child destroys what the stack has made."""


class Stack(Delegated):
    """A Stack of the operator."""

    CONTROLLER: ClassVar[str] = "an operator"
    RESOURCES: ClassVar[frozenset[str]] = TENANCY_RESOURCES | {"stack"}

    kind: Literal["stack"]
    spec: StackSpec

    @property
    def main_resource(self) -> str:
        """The stack."""
        return "stack"

    @property
    def main_object(self) -> ObjectType:
        """The stack."""
        return ObjectType(PULUMI, "stacks", "Stack")
