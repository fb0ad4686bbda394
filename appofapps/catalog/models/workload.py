"""The kind `workload`: a long-running Deployment, StatefulSet or DaemonSet."""

from collections.abc import Callable
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from appofapps.catalog.models.base import Model, Name, Quantity, Tier
from appofapps.catalog.models.child import TENANCY_RESOURCES, ObjectType
from appofapps.catalog.models.pod import Host, Ingress, PodSpec, Port, Probe
from appofapps.catalog.models.running import Override, PodChild, PodProfile

_CONTROLLERS: Final = ("Deployment", "StatefulSet", "DaemonSet")


class Autoscaling(Model):
    """A horizontal pod autoscaler on CPU use."""

    minimum: Annotated[int, Field(ge=1)]
    maximum: Annotated[int, Field(ge=1)]
    cpu_percent: Annotated[int, Field(ge=1, le=100)] = 70

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.minimum > self.maximum:
            msg = f"minimum ({self.minimum}) must not exceed maximum ({self.maximum})"
            raise ValueError(msg)
        return self


class WorkloadProfile(PodProfile):
    """The size of a workload in one tier."""

    replicas: Annotated[int, Field(ge=0)] = 1
    """Ignored under `autoscaling`, and in a DaemonSet."""
    autoscaling: Autoscaling | None = None
    ingress_host: Host | None = None
    """The host of this tier, instead of the one of `spec.ingress`."""

    @property
    def most_replicas(self) -> int:
        """The replicas, or the most an autoscaler may make of them."""
        return self.autoscaling.maximum if self.autoscaling else self.replicas

    @property
    def least_replicas(self) -> int:
        """The fewest pods this profile runs."""
        return self.autoscaling.minimum if self.autoscaling else self.replicas


class Claim(Model):
    """A volume of its own for each replica of a StatefulSet; mounts name it like any volume."""

    name: Name
    size: Quantity
    storage_class: str | None = None
    """None takes the cluster's default class."""


class WorkloadSpec(PodSpec):
    """What a workload runs and how it is reached."""

    controller: Literal["Deployment", "StatefulSet", "DaemonSet"] = "Deployment"
    ports: tuple[Port, ...] = ()
    claims: tuple[Claim, ...] = ()
    ingress: Ingress | None = None
    readiness: Probe | None = None
    liveness: Probe | None = None
    startup: Probe | None = None

    @model_validator(mode="after")
    def _fits_the_controller(self) -> Self:
        if self.claims and self.controller != "StatefulSet":
            msg = f"claims need controller: StatefulSet, not {self.controller}"
            raise ValueError(msg)
        if self.ingress and not self.ports:
            msg = "ingress needs a port to send requests to; add ports"
            raise ValueError(msg)
        return self

    def volume_names(self) -> set[str]:
        """Return the volumes a mount may name: declared ones and claims."""
        return super().volume_names() | set(self.storage)

    @property
    def main_ports(self) -> tuple[Port, ...]:
        """The ports it serves."""
        return self.ports

    @property
    def storage(self) -> tuple[Name, ...]:
        """The names of the claims."""
        return tuple(claim.name for claim in self.claims)


class Workload(PodChild):
    """A long-running service."""

    RESOURCES: ClassVar[frozenset[str]] = TENANCY_RESOURCES | {
        "deployment", "statefulset", "daemonset", "service", "service-account", "config",
        "autoscaler", "disruption-budget", "ingress", "role", "role-policy",
    }  # fmt: skip

    kind: Literal["workload"]
    profiles: dict[Tier, WorkloadProfile]
    overrides: tuple[Override[WorkloadProfile], ...] = ()
    spec: WorkloadSpec

    @property
    def main_resource(self) -> str:
        """The controller."""
        return self.spec.controller.lower()

    @property
    def main_object(self) -> ObjectType:
        """The controller."""
        return ObjectType("apps/v1", f"{self.main_resource}s", self.spec.controller)

    @property
    def patchable(self) -> frozenset[str]:
        """All but the controllers it is not run by."""
        others = {controller.lower() for controller in _CONTROLLERS} - {self.main_resource}
        return self.RESOURCES - others

    @property
    def talks_to_itself(self) -> bool:
        """A StatefulSet's replicas form a cluster."""
        return self.spec.controller == "StatefulSet"

    @property
    def open_ports(self) -> tuple[tuple[int, str], ...]:
        """The ports it serves."""
        return tuple((port.port, port.protocol) for port in self.spec.ports)

    @property
    def has_service(self) -> bool:
        """One with ports has."""
        return bool(self.spec.ports)

    def most_pods(self, tier: Tier) -> int:
        """Return its replicas or its autoscaler's maximum, one more while a Deployment is replaced.

        A DaemonSet counts once: how many nodes there are is the cluster's to know.
        """
        most = self.profiles[tier].most_replicas
        return {"Deployment": most + bool(most), "StatefulSet": most, "DaemonSet": 1}[self.spec.controller]

    def least_pods(self, tier: Tier) -> int:
        """Return its replicas, or its autoscaler's minimum."""
        return self.profiles[tier].least_replicas

    def for_tenant(self, tenant: str) -> Self:
        """Return it with hosts of the tenant's own: `shop.example.org` becomes `acme.shop.example.org`."""
        if not self.spec.ingress:
            return self
        mine = self.spec.ingress.model_copy(update={"host": f"{tenant}.{self.spec.ingress.host}"})
        return self._entered_by(mine, lambda host: host and f"{tenant}.{host}")

    def at_host(self, host: str) -> Self:
        """Return it with this host in all tiers, without a certificate of its own."""
        if not self.spec.ingress:
            return self
        mine = self.spec.ingress.model_copy(update={"host": host, "tls_secret": None})
        return self._entered_by(mine, lambda _: None)

    def _entered_by(self, ingress: Ingress, renamed: Callable[[str | None], str | None]) -> Self:
        """Return it with another way in, and the hosts of its tiers renamed."""
        profiles = {
            tier: size.model_copy(update={"ingress_host": renamed(size.ingress_host)})
            for tier, size in self.profiles.items()
        }
        spec = self.spec.model_copy(update={"ingress": ingress})
        return self.model_copy(update={"spec": spec, "profiles": profiles})

    def ingress(self, tier: Tier) -> Ingress | None:
        """Return the way in from outside, with the host of a tier."""
        host = self.profiles[tier].ingress_host if tier in self.profiles else None
        return self.spec.ingress.model_copy(update={"host": host}) if self.spec.ingress and host else self.spec.ingress
