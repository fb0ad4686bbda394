"""The kind `policy`: rules over namespaces, at admission and in the namespaces themselves."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from appofapps.catalog.models.base import Model, Name, repeated
from appofapps.catalog.models.child import TENANCY_RESOURCES, ChildFile, ObjectType
from appofapps.catalog.models.namespace_rules import NamespaceRules

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


class PolicySpec(NamespaceRules):
    """What is looked at, where, and what is asked of it: of objects at admission, of the namespaces, or of both."""

    bypass_group: Annotated[str, Field(pattern=r"^[A-Za-z0-9:_.-]+$")] = "platform:break-glass"
    """Whoever is in this group is never refused: the emergency exit."""
    resources: tuple[Matched, ...] = ()
    operations: tuple[Literal["CREATE", "UPDATE", "DELETE", "CONNECT"], ...] = ("CREATE", "UPDATE")
    rules: tuple[PolicyRule, ...] = ()
    parameters: dict[str, str] = {}
    """Values the expressions read: a change of one changes no rule."""

    @model_validator(mode="after")
    def _rules_apart(self) -> Self:
        if twice := repeated(rule.name for rule in self.rules):
            msg = f"two rules are called {', '.join(twice)}; rename one"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.rules and self.is_empty:
            msg = "asks for nothing; add `resources:` and `rules:`, or one of pod_security, quota, network"
            raise ValueError(msg)
        if bool(self.rules) != bool(self.resources):
            msg = "give `resources` and `rules` together: what is looked at, and what must hold"
            raise ValueError(msg)
        if self.parameters and not self.rules:
            msg = "parameters that no rule reads; remove them"
            raise ValueError(msg)
        return self


class Policy(ChildFile):
    """Rules that the API server itself evaluates, and what they add to the namespaces of children."""

    RESOURCES: ClassVar[frozenset[str]] = TENANCY_RESOURCES | {"policy", "binding", "parameters"}

    kind: Literal["policy"]
    spec: PolicySpec

    @property
    def singular(self) -> tuple[str, ...]:
        """Its rules: they are not about its own namespace."""
        return ("rules for the namespaces of others",)

    @property
    def main_resource(self) -> str:
        """The binding: without it the rules do nothing. A policy without rules has its parameters only."""
        return "binding" if self.spec.rules else "parameters"

    @property
    def main_object(self) -> ObjectType:
        """The rules: the API server says there whether their expressions make sense."""
        if not self.spec.rules:
            return ObjectType("v1", "configmaps", "ConfigMap")
        return ObjectType(ADMISSION, "validatingadmissionpolicies", "ValidatingAdmissionPolicy")

    @property
    def patchable(self) -> frozenset[str]:
        """Without rules there is nothing to bind."""
        return self.RESOURCES if self.spec.rules else self.RESOURCES - {"policy", "binding"}

    @property
    def namespace_rules(self) -> NamespaceRules | None:
        """What it asks of namespaces, where it asks anything."""
        return None if self.spec.is_empty else self.spec
