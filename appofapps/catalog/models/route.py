"""The kind `route`: a way in from outside, by the Gateway API."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from appofapps.catalog.models.base import Model, Name, Seconds, Tier, repeated
from appofapps.catalog.models.child import TENANCY_RESOURCES, Call, ChildFile, ObjectType
from appofapps.catalog.models.pod import AbsolutePath, Host, Ingress

GATEWAY_API = "gateway.networking.k8s.io/v1"


class RouteProfile(Model):
    """What differs from tier to tier."""

    hosts: Annotated[tuple[Host, ...], Field(min_length=1)]


class Backend(Model):
    """A child that takes a share of the requests, at its first port."""

    child: Name
    weight: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    """Its share, of the sum of all weights of the rule."""


class Retries(Model):
    """When a failed request is sent again; of the experimental channel of the Gateway API."""

    attempts: Annotated[int, Field(ge=1, le=10)] = 2
    codes: tuple[Annotated[int, Field(ge=400, le=599)], ...] = (502, 503, 504)
    backoff: Seconds | None = None
    """The least time between two attempts."""


class Rule(Model):
    """Where requests below a path go."""

    path: AbsolutePath = "/"
    backends: Annotated[tuple[Backend, ...], Field(min_length=1)]
    timeout: Seconds | None = None
    """Of a whole request, retries included; None leaves it to the gateway."""
    retries: Retries | None = None

    @model_validator(mode="after")
    def _once(self) -> Self:
        if twice := repeated(backend.child for backend in self.backends):
            msg = f"{', '.join(twice)} is a backend twice; keep one, with the sum of the weights"
            raise ValueError(msg)
        return self


class RouteSpec(Model):
    """How requests come in, and where they go."""

    gateway_class: Name
    """Which controller serves the gateway: a GatewayClass of the cluster."""
    tls_secret: Name | None = None
    """The certificate, a Secret of the child's namespace; without one the gateway speaks plain HTTP."""
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]


class Route(ChildFile):
    """A gateway of its own, and the routes from it to other children."""

    RESOURCES: ClassVar[frozenset[str]] = TENANCY_RESOURCES | {"gateway", "route"}

    kind: Literal["route"]
    profiles: dict[Tier, RouteProfile]
    spec: RouteSpec

    @model_validator(mode="after")
    def _needs_its_backends(self) -> Self:
        missing = sorted({name for name, _ in self.reaches} - set(self.needs))
        if missing:
            msg = f"backends that are not in needs: {', '.join(missing)}; add them: requests wait until they are ready"
            raise ValueError(msg)
        return self

    @property
    def main_resource(self) -> str:
        """The route: accepted by the gateway that serves it."""
        return "route"

    @property
    def main_object(self) -> ObjectType:
        """The route."""
        return ObjectType(GATEWAY_API, "httproutes", "HTTPRoute")

    @property
    def port(self) -> int:
        """The port of its gateway."""
        return 443 if self.spec.tls_secret else 80

    @property
    def open_ports(self) -> tuple[tuple[int, str], ...]:
        """That of its gateway."""
        return ((self.port, "TCP"),)

    @property
    def reaches(self) -> tuple[Call, ...]:
        """Its backends."""
        return tuple(self._backends())

    def _backends(self) -> Iterator[Call]:
        for i, rule in enumerate(self.spec.rules):
            for k, backend in enumerate(rule.backends):
                yield Call(backend.child, ("spec", "rules", i, "backends", k, "child"))

    def has_profile(self, tier: Tier) -> bool:
        """Tell whether it has hosts in a tier."""
        return tier in self.profiles

    def at_host(self, host: str) -> Self:
        """Return it with this host alone in all tiers, without a certificate of its own."""
        profiles = {tier: profile.model_copy(update={"hosts": (host,)}) for tier, profile in self.profiles.items()}
        spec = self.spec.model_copy(update={"tls_secret": None})
        return self.model_copy(update={"profiles": profiles, "spec": spec})

    def ingress(self, tier: Tier) -> Ingress | None:
        """Return its first host and path."""
        return next(iter(self.entrances(tier)), None)

    def entrances(self, tier: Tier) -> tuple[Ingress, ...]:
        """Return each of its hosts with each of its paths."""
        hosts = self.profiles[tier].hosts if tier in self.profiles else ()
        return tuple(Ingress(host=host, path=rule.path) for host in hosts for rule in self.spec.rules)
