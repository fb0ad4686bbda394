"""The kind `policy`: rules of admission over namespaces."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from appofapps.catalog.models.base import LabelValue, Model, Name, repeated
from appofapps.catalog.models.child import TENANCY_RESOURCES, ChildFile, ObjectType

ADMISSION = "admissionregistration.k8s.io/v1"


class Matched(Model):
    """A type of object the rules look at."""

    api: Annotated[str, Field(pattern=r"^([a-z0-9.-]+/)?v[a-z0-9]+$")]
    """`apps/v1`; of the core group `v1`."""
    plural: Annotated[str, Field(pattern=r"^[a-z]+(/[a-z]+)?$")]
    """`deployments`, or a subresource: `pods/exec`."""


class PolicyRule(Model):
    """What must hold."""

    name: Name
    expression: Annotated[str, Field(min_length=1)]
    """In CEL: `object` is what is asked for, `params.data` holds the parameters.
    https://kubernetes.io/docs/reference/using-api/cel/"""
    message: Annotated[str, Field(min_length=1)]
    """What the person whose request breaks it reads: what is wrong, and what to do instead."""


class PolicySpec(Model):
    """What is looked at, where, and what is asked of it."""

    mode: Literal["audit", "deny"] = "audit"
    """`audit` lets everything pass, warns, and marks it in the audit log; `deny` refuses."""
    namespaces: dict[str, LabelValue | tuple[LabelValue, ...]]
    """By their labels; an empty selector is every namespace that is not excluded."""
    excluded: tuple[Name, ...] = ()
    """Namespaces never looked at, beside those of the cluster itself (`kube-…`)."""
    bypass_group: Annotated[str, Field(pattern=r"^[A-Za-z0-9:_.-]+$")] = "platform:break-glass"
    """Whoever is in this group is never refused: the emergency exit."""
    resources: Annotated[tuple[Matched, ...], Field(min_length=1)]
    operations: tuple[Literal["CREATE", "UPDATE", "DELETE", "CONNECT"], ...] = ("CREATE", "UPDATE")
    rules: Annotated[tuple[PolicyRule, ...], Field(min_length=1)]
    parameters: dict[str, str] = {}
    """Values the expressions read: a change of one changes no rule."""

    @model_validator(mode="after")
    def _rules_apart(self) -> Self:
        if twice := repeated(rule.name for rule in self.rules):
            msg = f"two rules are called {', '.join(twice)}; rename one"
            raise ValueError(msg)
        return self


class Policy(ChildFile):
    """A set of rules the API server itself evaluates."""

    RESOURCES: ClassVar[frozenset[str]] = TENANCY_RESOURCES | {"policy", "binding", "parameters"}

    kind: Literal["policy"]
    spec: PolicySpec

    @property
    def singular(self) -> tuple[str, ...]:
        """Its rules: they are not about its own namespace."""
        return ("rules for the namespaces of others",)

    @property
    def main_resource(self) -> str:
        """The binding: without it the policy does nothing."""
        return "binding"

    @property
    def main_object(self) -> ObjectType:
        """The policy: the API server says there whether its expressions make sense."""
        return ObjectType(ADMISSION, "validatingadmissionpolicies", "ValidatingAdmissionPolicy")
