"""The kind `mesh`: what a service mesh (Istio) asks of the traffic between children."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from appofapps.catalog.models.base import Model, Name, Seconds
from appofapps.catalog.models.child import TENANCY_RESOURCES, Call, ChildFile, ObjectType

ISTIO_SECURITY = "security.istio.io/v1"
ISTIO_NETWORKING = "networking.istio.io/v1"


class CircuitBreaker(Model):
    """When a pod that answers with errors gets no requests for a while: Istio's outlier detection."""

    errors: Annotated[int, Field(ge=1)] = 5
    """Answers 5xx in a row."""
    interval: Seconds = 10
    """Between two looks."""
    ejection: Seconds = 30
    """How long a pod is left out the first time; longer each time after."""
    most_percent: Annotated[int, Field(ge=1, le=100)] = 50
    """Of a child's pods that may be left out at once."""


class MeshSpec(Model):
    """Which children, and what of them."""

    children: Annotated[tuple[Name, ...], Field(min_length=1)]
    mtls: Literal["STRICT", "PERMISSIVE", "DISABLE"] = "STRICT"
    """Whether pods accept traffic that is not mutually authenticated: only PERMISSIVE and DISABLE do."""
    circuit_breaker: CircuitBreaker = CircuitBreaker()


class Mesh(ChildFile):
    """Mutual TLS and circuit breakers, over the namespaces of the children it names."""

    RESOURCES: ClassVar[frozenset[str]] = TENANCY_RESOURCES | {"mtls"}

    kind: Literal["mesh"]
    spec: MeshSpec

    @model_validator(mode="after")
    def _needs_its_children(self) -> Self:
        missing = sorted(set(self.spec.children) - set(self.needs))
        if missing:
            msg = f"children that are not in needs: {', '.join(missing)}; add them: their namespaces come first"
            raise ValueError(msg)
        return self

    @property
    def singular(self) -> tuple[str, ...]:
        """Its rules: they are about the namespaces of the children it names."""
        return ("rules for the namespaces of others",)

    @property
    def main_resource(self) -> str:
        """The rule of its own namespace, made last."""
        return "mtls"

    @property
    def main_object(self) -> ObjectType:
        """The same."""
        return ObjectType(ISTIO_SECURITY, "peerauthentications", "PeerAuthentication")

    @property
    def reaches(self) -> tuple[Call, ...]:
        """The children it names."""
        return tuple(Call(name, ("spec", "children", index)) for index, name in enumerate(self.spec.children))
