"""What every child has, whatever its kind."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import Field, ValidationInfo, field_validator

from appofapps.catalog.models.base import (
    Cidr,
    EnvironmentVariable,
    File,
    LabelValue,
    Model,
    Name,
    Region,
    Seconds,
    Selector,
    SemanticVersion,
    Tier,
)
from appofapps.catalog.models.contract import Consumed, Provided
from appofapps.catalog.models.hold import Paused, Pinned
from appofapps.catalog.models.namespace_rules import NamespaceRules
from appofapps.catalog.models.permission import Permission, parameter_owner
from appofapps.catalog.models.pod import Ingress, PodSpec, Resources
from appofapps.catalog.models.quota import Quota
from appofapps.catalog.models.secret import SecretReference
from appofapps.catalog.models.slo import Slo
from appofapps.catalog.objects import Written
from appofapps.catalog.problems import Problem


class Owner(Model):
    """Who answers for a child."""

    team: Name
    oncall: Annotated[str, Field(min_length=1)]
    """The on-call rotation that alerts are routed to."""
    runbook: Annotated[str, Field(pattern=r"^https?://\S+$")]


class Placement(Model):
    """Where a child runs: environments by name, clusters by label."""

    environments: tuple[Name, ...] = ()
    """Empty means every environment."""
    clusters: Selector = {}
    """Matched against a cluster's labels, its `name` and its `region`; empty means every cluster of the environment."""


class Egress(Model):
    """A destination outside the cluster that the child may call."""

    cidr: Cidr
    port: Annotated[int, Field(ge=1, le=65535)]
    reason: Annotated[str, Field(min_length=1)]


class Profile(Model):
    """What differs from tier to tier; every kind adds its sizes."""

    environment: dict[EnvironmentVariable, str] = {}
    """Environment variables of this tier, over those of the `spec`."""


class Patch(Model):
    """A last word over one resource of the child: merged over what the component builds."""

    resource: str
    """The name of the resource within the child, as `aoa plan` shows it: deployment, service, role, …"""
    merge: dict[str, Any]
    """Mappings merge key by key, lists of named items merge by `name`, everything else is replaced."""


TENANCY_RESOURCES = frozenset({"namespace", "quota", "limits", "network-policy", "team-role", "team-binding"})
"""What every child in a cluster is given beside its own resources."""

RunsIn = Literal["cluster", "region"]
Where = tuple[str | int, ...]
"""The way to a value in a catalog file, for messages."""


class ObjectType(NamedTuple):
    """A type of Kubernetes object."""

    api: str
    """`apps/v1`; of the core group `v1`."""
    plural: str
    kind: str


class Source(NamedTuple):
    """A folder of the catalog that a child is made of."""

    folder: str
    """Relative to the catalog."""
    at: Where
    digest: str | None = None
    """What its contents must hash to; None accepts what is there."""
    digest_at: Where = ()
    only: str | None = None
    """The one file it must hold; None takes any."""
    most_bytes: int | None = None
    """How large its files may be together; None sets no limit."""


class Store(NamedTuple):
    """A queue, a stream or a bucket that a child claims; a cloud identity may name it as `queue:NAME` and so on."""

    what: Literal["queue", "stream", "bucket"]
    name: str
    at: Where


class Call(NamedTuple):
    """A child that is called on behalf of another, where both are."""

    name: str
    at: Where


class Ring(Model):
    """What tenants of one ring run instead of what the child's file says: usually the next version, earlier."""

    version: SemanticVersion
    spec: dict[str, Any] = {}
    """Merged over the child's `spec`: mappings key by key, everything else is replaced."""


class ChildFile(File):
    """The fields every kind of child shares, and what a kind answers about itself.

    A kind adds `kind` and `spec`, and overrides the answers that are not its own. The rooms behind the catalog ask
    these and never what kind a child is, so that a new kind changes none of them.
    """

    RESOURCES: ClassVar[frozenset[str]] = frozenset()
    """The names of the resources a patch may address."""
    RUNS_IN: ClassVar[RunsIn] = "cluster"
    """What its places are: clusters, or the regions of clusters."""
    HOME: ClassVar[str | None] = None
    """The region that AWS keeps all copies in, whatever their place; None keeps each in the region of its place."""

    CALLABLE: ClassVar[bool] = False
    """Whether AWS can call it on behalf of another child."""

    name: Name
    description: str = ""
    paused: Paused | None = None
    pinned: Pinned | None = None
    version: SemanticVersion
    owner: Owner
    cost_centre: LabelValue | None = None
    """None takes the parent's default."""
    labels: dict[str, LabelValue] = {}
    """Free labels; stacks select children by these, and by `name`, `kind` and `team`."""
    needs: tuple[Name, ...] = ()
    """Children that must be live and ready before this one: those in the same place, else everywhere they are."""
    provides: tuple[Provided, ...] = ()
    consumes: tuple[Consumed, ...] = ()
    target: Placement = Placement()
    allowed_regions: tuple[Region, ...] | None = None
    """Where the child and its data may be. None takes the parent's default; empty means anywhere."""
    deadline: Seconds | None = None
    """How long one resource may take to become ready. None takes the parent's default."""
    slos: tuple[Slo, ...] = ()
    secrets: tuple[SecretReference, ...] = ()
    egress: tuple[Egress, ...] = ()
    cloud_identity: tuple[Permission, ...] = ()
    quota: Quota | None = None
    """None takes the environment's quota."""
    moved_from: Name | None = None
    """The name this child was created under. It keeps that identity, so that renaming replaces nothing."""
    adopt: bool = False
    """Take over resources of the same name that exist without our labels."""
    data_replicas: tuple[Name, ...] = ()
    """Clusters where a replica of this child's data is declared ready: a failover moves the child there only."""
    deletion_policy: Literal["delete", "retain", "snapshot"] = "delete"
    """What becomes of its data when it goes: `retain` keeps all its objects, `snapshot` keeps a copy of each volume."""
    patches: tuple[Patch, ...] = ()
    per_tenant: bool = False
    """Run it for each tenant whose plan has it, and not by itself."""
    rings: dict[Name, Ring] = {}
    """What tenants of a ring run instead."""

    @field_validator("version")
    @classmethod
    def _stays_pinned(cls, version: str, info: ValidationInfo) -> str:
        """Refuse another version than the pin's; of fields declared after this one nothing is known here."""
        pin, name = info.data.get("pinned"), info.data.get("name", "CHILD")
        if pin and version != pin.version:
            why = f"pinned at {pin.version} until {pin.until} by {pin.owner} ({pin.reason})"
            msg = f"{version!r}, but it is {why}; to let it go: aoa unpin {name}"
            raise ValueError(msg)
        return version

    @property
    def identity(self) -> str:
        """The name that physical names and selectors derive from; it outlives a renaming."""
        return self.moved_from or self.name

    def for_tenant(self, tenant: str) -> Self:
        """Return the child as one tenant has it: with nothing that two could not have at once."""
        del tenant
        return self

    def at_host(self, host: str) -> Self:
        """Return the child with this host, in clear text, instead of those it is reached at from outside."""
        del host
        return self

    def with_variables(self, tier: Tier, variables: Mapping[str, str]) -> Self:
        """Return the child with these environment variables over its own, in a tier."""
        del tier, variables
        return self

    @property
    def credentials(self) -> tuple[str, ...]:
        """What it is trusted with, each in words: no preview for a stranger may hold it."""
        secrets = (f"secret {secret.variable}" for secret in self.secrets)
        return (*secrets, *(["an identity in AWS"] if self.cloud_identity else []))

    @property
    def singular(self) -> tuple[str, ...]:
        """What it has that a cluster can have only once, whatever the environment, each in words."""
        return ()

    @property
    def cluster_scoped(self) -> tuple[str, ...]:
        """The kinds of Kubernetes objects of the whole cluster that it may have."""
        return ()

    @property
    def keeps_data(self) -> bool:
        """Whether it has data in its place that a copy elsewhere would lack, and that goes with it: its buckets'."""
        return any(store.what == "bucket" for store in self.stores)

    @property
    def may_have_volumes(self) -> bool:
        """Whether volumes may be claimed in its namespace, so that a snapshot can be taken of each."""
        return False

    @property
    def override_places(self) -> tuple[Selector, ...]:
        """The places its overrides are for."""
        return ()

    def overridden(self, tier: Tier, applies: Callable[[Selector], bool]) -> Self:
        """Return the child as it is, in a tier, where those of its overrides apply whose places `applies` accepts."""
        del tier, applies
        return self

    @property
    def calls_aws(self) -> bool:
        """Whether its pods have an identity in AWS."""
        return bool(self.cloud_identity) or any(secret.arn for secret in self.secrets)

    @property
    def parameter_owners(self) -> frozenset[str]:
        """The children whose parameters its cloud identity names."""
        resources = (resource for permission in self.cloud_identity for resource in permission.resources)
        return frozenset(owner for owner in map(parameter_owner, resources) if owner)

    @property
    def main_resource(self) -> str:
        """The name of the resource whose readiness is the child's; each kind says."""
        raise NotImplementedError

    def runs_pods(self, resource: str) -> bool:
        """Tell whether a resource waits for pods, which know best why they are not ready."""
        return resource == self.main_resource

    @property
    def main_object(self) -> ObjectType:
        """The type of that resource; each kind that runs in a cluster says."""
        raise NotImplementedError

    @property
    def other_objects(self) -> tuple[ObjectType, ...]:
        """Types of which everything in its namespace must be ready, too: of a child whose objects others wrote."""
        return ()

    @property
    def talks_to_itself(self) -> bool:
        """Whether its pods call one another."""
        return False

    @property
    def main_type(self) -> str:
        """The type of that resource in AWS, `lambda/alias:Alias`; each kind that runs in a region says."""
        raise NotImplementedError

    @property
    def patchable(self) -> frozenset[str]:
        """The names in RESOURCES that this very child may have."""
        return self.RESOURCES

    def may_have(self, resource: str) -> bool:
        """Tell whether a resource of that name can be among its own, so that a patch may address it."""
        return resource in self.RESOURCES

    @property
    def source(self) -> Source | None:
        """The folder of the catalog it is made of; None for a child that is all in its file."""
        return None

    def objects(self, folder: Path) -> tuple[Written, ...]:
        """Return the Kubernetes objects in its source's folder, where they are as they will be. Raises CatalogError."""
        del folder
        return ()

    def examine(self, folder: Path, objects: tuple[Written, ...], file: Path) -> Iterable[Problem]:
        """Say what is wrong in its source's folder, and with its objects; `file` is the child's own."""
        del folder, objects, file
        return ()

    @property
    def stores(self) -> tuple[Store, ...]:
        """The queues, streams and buckets it claims."""
        return ()

    @property
    def namespace_rules(self) -> NamespaceRules | None:
        """What it asks of the namespaces it chooses, other children's among them."""
        return None

    @property
    def calls(self) -> tuple[Call, ...]:
        """The children that AWS calls for it; they are among its needs."""
        return ()

    @property
    def pods(self) -> PodSpec | None:
        """What its pods run, where the catalog describes them."""
        return None

    @property
    def open_ports(self) -> tuple[tuple[int, str], ...]:
        """The ports that others may call, as (number, protocol); an ingress leads to the first."""
        return ()

    @property
    def has_service(self) -> bool:
        """Whether a Service of its own name stands before its open ports."""
        return False

    @property
    def labels_pods(self) -> bool:
        """Whether its pods carry our labels, by which others find them."""
        return False

    @property
    def brings_definitions(self) -> bool:
        """Whether it may install types of objects that others then use."""
        return False

    @property
    def reaches(self) -> tuple[Call, ...]:
        """The children it must reach at their first port, in the same clusters; they are among its needs."""
        return ()

    def finds(self, other: "ChildFile") -> bool:
        """Tell whether it could reach another: through the Service of its name, unless a kind knows another way."""
        return other.has_service

    def ingress(self, tier: Tier) -> Ingress | None:
        """Return the way in from outside, in a tier."""
        del tier
        return None

    def entrances(self, tier: Tier) -> tuple[Ingress, ...]:
        """Return every host and path it takes in a tier, which nobody else may claim."""
        entry = self.ingress(tier)
        return (entry,) if entry else ()

    def has_profile(self, tier: Tier) -> bool:
        """Tell whether the child says what it needs to run in a tier."""
        del tier
        return True

    def variables(self, tier: Tier) -> dict[str, str]:
        """Return the environment variables of what it runs, in a tier."""
        del tier
        return {}

    def pod_size(self, tier: Tier) -> Resources | None:
        """Return what the main container of a pod requests in a tier; None where the catalog describes no pods."""
        del tier
        return None

    def most_pods(self, tier: Tier) -> int:
        """Return the most pods it may have at once in a tier, as far as the catalog knows."""
        del tier
        return 0

    def least_pods(self, tier: Tier) -> int:
        """Return how many pods it never goes below in a tier; scaled to fewer, it is not ready."""
        del tier
        return 0
