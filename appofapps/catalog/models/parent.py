"""The parent manifest, the environments and clusters it runs in, and what a stack takes of them."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from appofapps.catalog.models.base import (
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
from appofapps.catalog.models.child import Owner
from appofapps.catalog.models.previews import Preview
from appofapps.catalog.models.quota import Quota


class Defaults(Model):
    """What a child has where its own file is silent."""

    deadline: Seconds = 120
    cost_centre: LabelValue = "unassigned"
    allowed_regions: tuple[Region, ...] = ()
    """Where children and their data may be; empty means anywhere."""


class DeletionBudget(Model):
    """How many children one run may remove without being asked twice."""

    children: Annotated[int, Field(ge=0)] = 1
    percent: Annotated[int, Field(ge=0, le=100)] = 20
    """Of the children deployed so far; the smaller of the two limits counts."""


class Prices(Model):
    """What requests cost, for estimates: yours to set, from your bill."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    cpu_hour: Annotated[float, Field(ge=0)]
    """Of one core."""
    memory_gib_hour: Annotated[float, Field(ge=0)]


class ParentFile(File):
    """The parent app."""

    kind: Literal["parent"]
    name: Name
    version: SemanticVersion
    owner: Owner
    defaults: Defaults = Defaults()
    deletion_budget: DeletionBudget = DeletionBudget()
    prices: Prices | None = None
    """None estimates no cost."""


class Record(Model):
    """Why something was done to a cluster, by whom and when; `aoa` writes it."""

    reason: Annotated[str, Field(min_length=1)]
    owner: Annotated[str, Field(min_length=1)]
    since: date


class Failover(Record):
    """A cluster whose children run in another until this entry is removed; functions stay, they are in no cluster."""

    source: Annotated[Name, Field(alias="from")]
    to: Name
    """It need not be matched by the environment's `clusters`."""


class EnvironmentFile(File):
    """A place in the life of a release: its tier, and the clusters it runs on."""

    kind: Literal["environment"]
    name: Name
    tier: Tier
    clusters: Selector
    """Matched against a cluster's labels, its `name` and its `region`."""
    failover: tuple[Failover, ...] = ()
    """Clusters that are stood in for; `aoa failover` writes this."""
    aws_account: Annotated[str, Field(pattern=r"^\d{12}$")]
    quota: Quota = Quota()
    """The quota of a child's namespace, unless the child sets its own."""
    tenant: Name | None = None
    """The tenant whose environment this is; the one that a tenant's stack makes of another environment has it set."""
    admin_group: str | None = None
    """A group of users with the rights of the owning teams in every namespace of the environment."""
    isolation: Literal["namespace", "nodes"] = "namespace"
    """`nodes` keeps the pods on nodes that are labelled and tainted for the tenant."""
    preview_of: Name | None = None
    """The environment this one is a preview of; the one that a preview's stack makes has it set."""
    lent: tuple[Name, ...] = ()
    """Children that it uses where they are, in the environment it is a preview of."""
    guardrails: Literal["full", "quota"] = "full"
    """`quota` gives a child's namespace its quota only: limits, traffic, accounts and rights are for the cluster's own
    tooling, such as Capsule or a namespace operator, to provide."""

    def home_of(self, child: str) -> str:
        """Return the name of the environment in which a child runs that this one has, or uses."""
        return self.preview_of if self.preview_of and child in self.lent else self.name


class ClusterFile(File):
    """A Kubernetes cluster. The context of this name in KUBECONFIG leads to it."""

    kind: Literal["cluster"]
    name: Name
    region: Region
    """The AWS region beside it; functions run there."""
    labels: dict[str, LabelValue] = {}
    oidc_issuer: str | None = None
    """The issuer of service account tokens, without https://; children with a cloud identity need it."""
    ingress_namespace: Name = "ingress-nginx"
    """Where the ingress controller runs: children with an ingress accept traffic from it."""
    forgotten: Record | None = None
    """The cluster is gone for good: no child is placed in it. `aoa cluster forget` writes this."""


class StackTarget(Model):
    """What a stack deploys: the settings of a `Pulumi.<stack>.yaml`."""

    environment: Name
    clusters: Selector = {}
    """Narrows the clusters of the environment."""
    select: Selector = {}
    """Narrows the children by their labels, `name`, `kind` or `team`."""
    tenant: Name | None = None
    """Takes one tenant's children instead, all of them."""
    preview: Preview | None = None
    """Takes what a pull request changes, in a preview of the environment; `aoa preview-env` writes it."""

    @property
    def is_shared(self) -> bool:
        """Whether it is a part of the environment itself: neither a tenant's, nor a preview."""
        return self.tenant is None and self.preview is None

    @model_validator(mode="after")
    def _a_tenant_is_not_divided(self) -> Self:
        if self.tenant and self.select:
            msg = "select and tenant exclude each other: a tenant's stack takes all of its children"
            raise ValueError(msg)
        if self.tenant and self.preview:
            msg = "preview and tenant exclude each other: a preview is of the shared children"
            raise ValueError(msg)
        return self
