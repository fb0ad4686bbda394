"""The catalog as loaded: every file a frozen model, nothing resolved yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.parent import ClusterFile, EnvironmentFile, ParentFile
from appofapps.catalog.models.previews import Previews
from appofapps.catalog.models.tenant import Tenant, TenantPlan
from appofapps.catalog.objects import Written

APPS: Final = "apps"
"""The folder of children."""


@dataclass(frozen=True, slots=True)
class Code:
    """A folder that a child is made of, such as the code of a function: where it lies, and what it is."""

    folder: Path
    """Absolute."""
    digest: str
    """`sha256:` and the hash of the sorted file names and contents."""
    objects: tuple[Written, ...] = ()
    """The Kubernetes objects in it, of a child that is made of them as they are."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """A whole catalog; `load` makes one. All keys are names."""

    root: Path
    parent: ParentFile
    environments: Mapping[str, EnvironmentFile]
    clusters: Mapping[str, ClusterFile]
    children: Mapping[str, Child]
    code: Mapping[str, Code]
    """The folders that children are made of, by child."""
    files: Mapping[str, Path]
    """The file of each child, for messages."""
    previews: Previews | None = None
    """What pull requests may have; None has no previews."""
    tenants: Mapping[str, Tenant] = field(default_factory=dict)
    tenant_plans: Mapping[str, TenantPlan] = field(default_factory=dict)
    tenant_files: Mapping[str, Path] = field(default_factory=dict)
    tenant_plan_files: Mapping[str, Path] = field(default_factory=dict)
    environment_files: Mapping[str, Path] = field(default_factory=dict)
    cluster_files: Mapping[str, Path] = field(default_factory=dict)
    parents: Mapping[str, ParentFile] = field(default_factory=dict)
    """The nested parents, by the name before their children's: `platform` of `platform-ingress`."""
    nested_in: Mapping[str, str] = field(default_factory=dict)
    """The nested parent of each child that has one; of several around it, the innermost."""
    around: "tuple[Catalog, EnvironmentFile] | None" = None
    """Of a tenant's share: what it was made of. The policies there count here, too."""
    broken: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Names in files that did not load, by folder. Only `read` leaves any: checks make no follow-up errors of them."""
