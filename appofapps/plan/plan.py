"""The plan: the children one stack will run, complete and in dependency order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

from appofapps.catalog.catalog import Code
from appofapps.catalog.models.child import ChildFile
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.namespace_rules import Level, Mode, Network
from appofapps.catalog.models.parent import ClusterFile, DeletionBudget, EnvironmentFile, ParentFile, StackTarget
from appofapps.catalog.models.quota import Quota
from appofapps.plan import conventions as c
from appofapps.plan.naming import role_name

C_co = TypeVar("C_co", bound=ChildFile, covariant=True)


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """One child in one place; unique in an environment."""

    child: str
    place: str

    def __str__(self) -> str:
        return f"{self.child}@{self.place}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a child runs: a cluster, or for a function a region."""

    name: str
    region: str
    cluster: ClusterFile | None = None


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of allowed traffic: a namespace, and ports as (number, protocol)."""

    namespace: str
    ports: tuple[tuple[int, str], ...]
    child: str = ""
    """Its name, where it is a child."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Those of the namespaces, where it is not a single one."""


@dataclass(frozen=True, slots=True)
class Imposed:
    """What one policy asks of the namespace of a child that it chooses."""

    policy: str
    """The policy, by its name as a child."""
    identity: str
    name: str
    """The physical name of the policy, and so of what it adds."""
    mode: Mode
    pod_security: Level | None
    """The least that the namespace has to enforce."""
    quota: Mapping[str, str]
    network: Network | None

    @property
    def hard(self) -> Mapping[str, str]:
        """The quota that the namespace is given: none as long as the policy only looks."""
        return self.quota if self.mode == "deny" else {}


@dataclass(frozen=True)
class PlannedChild(Generic[C_co]):
    """One child in one place, with everything its component needs."""

    child: C_co
    """The catalog model as it is in this place: its overrides are in its profile. Defaults are in the fields below."""
    place: Place
    name: str
    """The physical name: `<env>-<identity>`. In a cluster it is the namespace, too."""
    environment: EnvironmentFile
    labels: Mapping[str, str]
    selector: Mapping[str, str]
    """The labels that never change: what Services and Deployments select pods by."""
    annotations: Mapping[str, str]
    tags: Mapping[str, str]
    """The same facts for AWS."""
    deadline: int
    """Seconds one resource may take to become ready."""
    quota: Quota
    needs: tuple[Address, ...]
    """In this stack."""
    outside_needs: tuple[Address, ...]
    """In other stacks of the environment, or of the one it is a preview of; `aoa` orders those."""
    egress: tuple[Peer, ...]
    """Needs in the same cluster, which this child may call."""
    ingress: tuple[Peer, ...]
    """Dependents in the same cluster, and the ingress controller, which may call this child."""
    parent: str = ""
    """The nested parent it belongs to, by its key in `Plan.nested`; empty for a child of the parent itself."""
    code: Code | None = None
    """What it is made of, where that is a folder of the catalog."""
    physical_names: Mapping[str, str] = field(default_factory=dict)
    """Those of the children that AWS calls for it, or whose parameters it may use, by their names."""
    imposed: tuple[Imposed, ...] = ()
    """What policies ask of its namespace."""

    @property
    def address(self) -> Address:
        """The child and its place."""
        return Address(self.child.name, self.place.name)

    @property
    def release_labels(self) -> Mapping[str, str]:
        """The labels of what runs the version: controllers and pods."""
        return {**self.labels, c.VERSION: self.child.version.replace("+", "_")}

    @property
    def release_tags(self) -> Mapping[str, str]:
        """The tags of what runs the version: the function."""
        return {**self.tags, c.TAG_PREFIX + "version": self.child.version}

    @property
    def logical_name(self) -> str:
        """The name of the child's component in the engine."""
        return str(self.address)

    @property
    def home(self) -> str:
        """The AWS region of the child's resources: of its place, unless its kind has one for all places."""
        return self.child.HOME or self.place.region

    @property
    def cloud_name(self) -> str:
        """The physical name in AWS; the place is part of it where the copies of all places lie together."""
        return role_name(self.name, self.place.name) if self.child.HOME else self.name

    @property
    def is_guarded(self) -> bool:
        """Whether the child is given guard rails beyond its quota."""
        return self.environment.guardrails == "full"

    @property
    def former_logical_name(self) -> str | None:
        """The component's name before the child was renamed."""
        former = self.child.moved_from
        return str(Address(former, self.place.name)) if former else None


@dataclass(frozen=True)
class Plan:
    """What one stack runs."""

    parent: str
    """The parent's name; it names the root component and `app.kubernetes.io/part-of`."""
    parent_version: str
    environment: EnvironmentFile
    target: StackTarget
    deletion_budget: DeletionBudget
    children: tuple[PlannedChild[Child], ...]
    """In dependency order: everything a child needs comes before it."""
    nested: Mapping[str, ParentFile] = field(default_factory=dict)
    """The nested parents, by the name before their children's."""
    paused: frozenset[str] = frozenset()
    """The names of all paused children of the catalog, also of those this stack does not take."""

    @cached_property
    def by_address(self) -> Mapping[Address, PlannedChild[Child]]:
        """The children by their address."""
        return {planned.address: planned for planned in self.children}

    @cached_property
    def clusters(self) -> tuple[ClusterFile, ...]:
        """The clusters this plan touches, by name."""
        found = {child.place.cluster.name: child.place.cluster for child in self.children if child.place.cluster}
        return tuple(found[name] for name in sorted(found))

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The AWS regions this plan touches, sorted."""
        return tuple(sorted({child.place.region for child in self.children if touches_aws(child)}))


def touches_aws(planned: PlannedChild[Child]) -> bool:
    """Tell whether a child has resources in AWS: it runs in a region, or has an identity there."""
    return planned.place.cluster is None or planned.child.calls_aws
