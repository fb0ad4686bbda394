"""Pods, as workloads and jobs describe them."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from appofapps.catalog.models.base import EnvironmentVariable, Image, Model, Name, Quantity, Seconds

Host = Annotated[str, Field(pattern=r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$")]
AbsolutePath = Annotated[str, Field(pattern=r"^/")]
PortNumber = Annotated[int, Field(ge=1, le=65535)]


class Resources(Model):
    """Requests and limits of one container."""

    cpu: Quantity = "50m"
    memory: Quantity = "64Mi"
    cpu_limit: Quantity | None = None
    """None sets no limit: a CPU limit throttles long before the node is busy."""
    memory_limit: Quantity | None = None
    """None repeats the request."""


class Port(Model):
    """A port a container listens on."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$")] = "http"
    port: PortNumber
    protocol: Literal["TCP", "UDP"] = "TCP"
    host_port: PortNumber | None = None
    """A port of the node itself; one child alone may claim it."""


class Probe(Model):
    """How the kubelet asks a container whether it is well: exactly one of the three."""

    http: AbsolutePath | None = None
    tcp: bool = False
    command: tuple[str, ...] = ()
    port: str | PortNumber | None = None
    """A port's name or number; None is the first port."""
    initial_delay: Annotated[int, Field(ge=0)] = 0
    period: Seconds = 10
    timeout: Seconds = 1
    failures: Annotated[int, Field(ge=1)] = 3

    @model_validator(mode="after")
    def _one_action(self) -> Self:
        if (self.http is not None) + self.tcp + bool(self.command) != 1:
            msg = "give exactly one of http, tcp, command"
            raise ValueError(msg)
        return self


class Ingress(Model):
    """A host and path that reach the first port from outside."""

    host: Host
    path: AbsolutePath = "/"
    tls_secret: Name | None = None


class Mount(Model):
    """A volume at a path of a container."""

    volume: Name
    path: AbsolutePath
    read_only: bool = False
    sub_path: str | None = None


class Volume(Model):
    """A volume of the pod: exactly one source."""

    name: Name
    empty_dir: bool = False
    config: bool = False
    """The child's own `config`, one file a key."""
    secret: Name | None = None
    persistent_claim: Name | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.empty_dir + self.config + (self.secret is not None) + (self.persistent_claim is not None) != 1:
            msg = "give exactly one of empty_dir, config, secret, persistent_claim"
            raise ValueError(msg)
        return self


class Container(Model):
    """A container beside the main one."""

    name: Name
    image: Image
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    environment: dict[EnvironmentVariable, str] = {}
    ports: tuple[Port, ...] = ()
    mounts: tuple[Mount, ...] = ()
    resources: Resources = Resources()
    readiness: Probe | None = None
    liveness: Probe | None = None
    startup: Probe | None = None


class PodSpec(Model):
    """What a pod runs; the main container takes the child's name, its size comes from the profile."""

    image: Image
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    environment: dict[EnvironmentVariable, str] = {}
    config: dict[str, str] = {}
    """Files of the child's ConfigMap; without a `config` volume they become environment variables."""
    volumes: tuple[Volume, ...] = ()
    mounts: tuple[Mount, ...] = ()
    init_containers: tuple[Container, ...] = ()
    sidecars: tuple[Container, ...] = ()
    user_id: Annotated[int, Field(ge=1)] = 65532
    """The unprivileged user all containers run as."""
    writable_root: bool = False
    """True allows writes to the container's root file system."""
    termination_grace: Seconds = 30

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        known = self.volume_names()
        mounts = [*self.mounts, *(mount for box in (*self.init_containers, *self.sidecars) for mount in box.mounts)]
        missing = sorted({mount.volume for mount in mounts} - known)
        if missing:
            msg = f"mounts name volumes that are not declared: {', '.join(missing)}; declared: {sorted(known)}"
            raise ValueError(msg)
        return self

    def volume_names(self) -> set[str]:
        """Return the volumes a mount may name."""
        return {volume.name for volume in self.volumes}

    @property
    def main_ports(self) -> tuple[Port, ...]:
        """The ports of the main container; work that ends has none."""
        return ()

    @property
    def host_ports(self) -> tuple[int, ...]:
        """The ports of its node that a pod claims, in whichever container."""
        beside = (port for box in (*self.sidecars, *self.init_containers) for port in box.ports)
        return tuple(port.host_port for port in (*self.main_ports, *beside) if port.host_port)

    @property
    def storage(self) -> tuple[Name, ...]:
        """The names of volumes that each pod keeps for itself; mounts name them like any volume."""
        return ()
