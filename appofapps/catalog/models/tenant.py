"""Tenants, and the plans they are on."""

from typing import Annotated, Literal

from pydantic import Field

from appofapps.catalog.models.base import File, Name, Selector
from appofapps.catalog.models.child import Owner
from appofapps.catalog.models.quota import Quota

Isolation = Literal["namespace", "nodes"]
"""`nodes` also keeps a tenant's pods on nodes of its own: those labelled and tainted `appofapps.dev/tenant=NAME`."""


class TenantPlan(File):
    """What tenants of one size get: which children, in which versions, with how much room."""

    kind: Literal["tenant-plan"]
    name: Name
    children: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Children with `per_tenant: true`; everything they need has to be among them."""
    quota: Quota = Quota()
    """Of each child's namespace, unless the child sets its own."""
    isolation: Isolation = "namespace"
    ring: Name | None = None
    """The ring of versions its tenants run: see `rings` of a child. None runs every child as its file says."""


class Tenant(File):
    """A customer, a department, a team: with children of its own, in stacks and namespaces of its own."""

    kind: Literal["tenant"]
    name: Annotated[str, Field(pattern=r"^[a-z]([a-z0-9]{0,18}[a-z0-9])?$")]
    """At most 20 letters and digits: it is a part of every name, and without dashes no two names can be alike."""
    description: str = ""
    plan: Name
    owner: Owner
    admin_group: Annotated[str, Field(min_length=1)]
    """The group of the cluster's users that may look after the tenant's children, and after nothing else."""
    environments: Annotated[tuple[Name, ...], Field(min_length=1)]
    clusters: Selector = {}
    """Narrows the clusters of those environments, by label, `name` or `region`."""
    ring: Name | None = None
    """None takes the plan's."""
    quota: Quota | None = None
    """None takes the plan's."""
