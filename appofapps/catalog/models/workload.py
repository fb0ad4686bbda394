"""The kind `workload`: a long-running Deployment, StatefulSet or DaemonSet."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from appofapps.catalog.models.base import Model, Name, Quantity, Tier
from appofapps.catalog.models.child import ChildFile, Profile
from appofapps.catalog.models.pod import AbsolutePath, PodSpec, Port, Probe, Resources

TENANCY_RESOURCES = frozenset({"namespace", "quota", "limits", "network-policy", "team-role", "team-binding"})
"""What every child in a cluster is given beside its own resources."""


Host = Annotated[str, Field(pattern=r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$")]


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


class WorkloadProfile(Profile):
    """The size of a workload in one tier."""

    replicas: Annotated[int, Field(ge=0)] = 1
    """Ignored under `autoscaling`, and in a DaemonSet."""
    resources: Resources = Resources()
    autoscaling: Autoscaling | None = None
    ingress_host: Host | None = None
    """The host of this tier, instead of the one of `spec.ingress`."""

    @property
    def most_replicas(self) -> int:
        """The most pods this profile asks for at rest."""
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


class Ingress(Model):
    """A host and path that reach the first port from outside."""

    host: Host
    path: AbsolutePath = "/"
    tls_secret: Name | None = None


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
        return super().volume_names() | {claim.name for claim in self.claims}


class Workload(ChildFile):
    """A long-running service."""

    RESOURCES: ClassVar[frozenset[str]] = TENANCY_RESOURCES | {
        "deployment", "statefulset", "daemonset", "service", "service-account", "config",
        "autoscaler", "disruption-budget", "ingress", "role", "role-policy",
    }  # fmt: skip

    kind: Literal["workload"]
    profiles: dict[Tier, WorkloadProfile]
    spec: WorkloadSpec

    @property
    def main_resource(self) -> str:
        """The controller."""
        return self.spec.controller.lower()

    def ingress(self, tier: Tier) -> Ingress | None:
        """Return the way in from outside, with the host of a tier."""
        host = self.profiles[tier].ingress_host if tier in self.profiles else None
        return self.spec.ingress.model_copy(update={"host": host}) if self.spec.ingress and host else self.spec.ingress
