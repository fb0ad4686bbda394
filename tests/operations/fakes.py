"""A fake engine, a fake world and small plans: operations are tested against these in milliseconds."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.models.kinds import CHILD
from appofapps.catalog.models.parent import ClusterFile, EnvironmentFile, ParentFile, StackTarget
from appofapps.engine.results import (
    Change,
    Diagnostic,
    Event,
    Lock,
    OnEvent,
    Operation,
    Phase,
    ResourceName,
    RunResult,
    State,
    StateResource,
    StepEvent,
)
from appofapps.observe.health import Condition, Health
from appofapps.observe.ownership import Claim
from appofapps.observe.snapshots import Snapshot, Volume
from appofapps.operations.session import Session
from appofapps.plan import conventions as c
from appofapps.plan.plan import Address, PlannedChild
from appofapps.plan.resolve import resolve

API = {"apiVersion": "appofapps.dev/v1"}
OWNER = {"team": "quality", "oncall": "quality-primary", "runbook": "https://runbooks.example.org/test"}
ACCOUNT = "123456789012"
IMAGE = "registry.example.org/test/server:1.0.0@sha256:" + "a" * 64
READY = Health(Condition.READY, version="1.0.0")


def child(name: str, *needs: str, **fields: Any) -> dict[str, Any]:
    """Return the catalog file of a Deployment."""
    return {
        **API, "kind": "workload", "name": name, "version": "1.0.0", "owner": OWNER, "needs": list(needs),
        "deadline": 60, "profiles": {"dev": {"replicas": 1}}, "spec": {"image": IMAGE, "ports": [{"port": 8080}]},
        **fields,
    }  # fmt: skip


def function(name: str, *needs: str, **fields: Any) -> dict[str, Any]:
    """Return the catalog file of a function."""
    return {
        **API, "kind": "function", "name": name, "version": "1.0.0", "owner": OWNER, "needs": list(needs),
        "profiles": {"dev": {}}, "spec": {"code": f"functions/{name}", "runtime": "python3.12", "handler": "a.b"},
        **fields,
    }  # fmt: skip


def catalog(*children: dict[str, Any], clusters: Sequence[str] = ("eu-1",), **parent: Any) -> Catalog:
    """Return a catalog with environment `dev` over some clusters."""
    models = [CHILD.validate_python(each) for each in children]
    regions = {"eu-1": "eu-west-1", "us-1": "us-east-1"}
    return Catalog(
        root=Path("catalog"),
        parent=ParentFile.model_validate(
            {**API, "kind": "parent", "name": "shop", "version": "1.0.0", "owner": OWNER, **parent}
        ),
        environments={
            "dev": EnvironmentFile.model_validate(
                {**API, "kind": "environment", "name": "dev", "tier": "dev", "clusters": {}, "aws_account": ACCOUNT}
            )
        },
        clusters={
            name: ClusterFile.model_validate({**API, "kind": "cluster", "name": name, "region": regions[name]})
            for name in clusters
        },
        children={model.name: model for model in models},
        code={},
        files={model.name: Path(f"catalog/apps/{model.name}.yaml") for model in models},
    )


def name_of(address: str | None, resource: str, kind: str = "kubernetes:apps/v1:Deployment") -> ResourceName:
    """Return a resource's name: `name_of("cart@eu-1", "deployment")`."""
    child_address = Address(*address.split("@")) if address else None
    logical = f"{address}/{resource}" if address else resource
    return ResourceName(f"urn:pulumi:dev::app-of-apps::{kind}::{logical}", kind, child_address, resource)


def change(address: str, operation: Operation, resource: str = "deployment", **fields: Any) -> Change:
    """Return a step."""
    return Change(name_of(address, resource), operation, **fields)


def result(*changes: Change, failures: Iterable[Diagnostic] = (), **fields: Any) -> RunResult:
    """Return how a run ended."""
    failed = tuple(failures)
    return RunResult(
        succeeded=not failed, changes=changes, failures=failed, unfinished=fields.pop("unfinished", ()), seconds=1.0,
        **fields,
    )  # fmt: skip


def failure(address: str | None, message: str, resource: str = "deployment") -> Diagnostic:
    """Return an error of a child's resource, or of the program."""
    name = name_of(address, resource) if address else ResourceName("urn", "pulumi:pulumi:Stack", None, "app-of-apps")
    return Diagnostic("error", message, name)


def state(*addresses: str, version: str = "1.0.0") -> State:
    """Return a state in which some children are deployed, each with its namespace and Deployment."""
    labels = {"metadata": {"labels": {c.VERSION: version, c.TEAM: "quality"}}}
    resources = (
        StateResource(name_of(address, resource), "id", labels, {})
        for address in addresses
        for resource in ("namespace", "deployment")
    )
    return State(tuple(resources), ())


@dataclass
class FakeEngine:
    """Answers what it was told to, and remembers what it was asked."""

    now: State = field(default_factory=lambda: State((), ()))
    would: RunResult | None = None
    does: RunResult | None = None
    events: tuple[Event, ...] = ()
    held: Lock | None = None
    during: Callable[[], None] = lambda: None
    """Runs in the middle of an `up`."""
    stack: str = "dev"
    calls: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def asked(self, verb: str) -> bool:
        """Tell whether a method was called."""
        return any(name == verb for name, _ in self.calls)

    def state(self) -> State:
        """Return the state."""
        return self.now

    def lock(self) -> Lock | None:
        """Return the lock."""
        return self.held

    def preview(self, **options: Any) -> RunResult:
        """Return the preview."""
        self.calls.append(("preview", options))
        assert self.would is not None
        return self.would

    def up(self, *, on_event: OnEvent, **options: Any) -> RunResult:
        """Report the events, then the result."""
        self.calls.append(("up", options))
        for event in self.events:
            on_event(event)
        self.during()
        assert self.does is not None
        return self.does

    def destroy(self, *, on_event: OnEvent, **options: Any) -> RunResult:
        """Do as `up`."""
        return self.up(on_event=on_event, **options)

    def remove(self) -> None:
        """Remember it."""
        self.calls.append(("remove", {}))

    def interrupt(self) -> None:
        """Remember it."""
        self.calls.append(("interrupt", {}))


@dataclass
class FakeWorld:
    """A world that is as the test says; every child is ready unless it is named."""

    health: Mapping[str, Health] = field(default_factory=dict)
    down: Mapping[str, str] = field(default_factory=dict)
    foreign: Collection[str] = ()
    """Names of namespaces and functions that exist and are not ours."""
    causes: Mapping[str, str] = field(default_factory=dict)
    aws_account: str = ACCOUNT
    closed: Mapping[str, str] = field(default_factory=dict)
    """Places that answer, and why nobody can look into them."""
    unknown: frozenset[str] = frozenset()
    """Types that no cluster knows."""
    left: Iterable[str] | None = None
    """Types of what is there; None means all that is looked for."""
    stored: Mapping[str, tuple[Volume, ...] | str] = field(default_factory=dict)
    """The volumes in a namespace, or why nobody can tell."""
    snapshot_status: str = ""
    """Why snapshots are not ready; empty makes them."""

    def unreachable(self, clusters: Iterable[str]) -> Mapping[str, str]:
        """Return what is down."""
        return {name: self.down[name] for name in clusters if name in self.down}

    def unready(self, cluster: str) -> str:
        """Return why a cluster cannot take children."""
        return self.down.get(cluster, "")

    def observe(self, children: Iterable[PlannedChild]) -> Mapping[Address, Health]:
        """Return the health of children."""
        return {planned.address: self.health.get(str(planned.address), READY) for planned in children}

    def account(self, region: str) -> str:
        """Return the account."""
        return self.aws_account

    def present(self, claims: Iterable[Claim], regions: Iterable[str]) -> Mapping[str, Mapping[Claim, bool] | str]:
        """Return what is there: before anything ran all, afterwards what the test says is left."""
        wanted, shut = tuple(claims), {**self.closed, **self.down}
        there = wanted if self.left is None else tuple(claim for claim in wanted if claim.type in self.left)
        return {
            claim.place: shut.get(claim.place)
            or {each: each.name not in self.foreign for each in there if each.place == claim.place}
            for claim in wanted
        }

    def unserved(self, wanted: Mapping[str, Iterable[str]]) -> Mapping[str, frozenset[str]]:
        """Return what the clusters do not know."""
        return {cluster: self.unknown & {*types} for cluster, types in wanted.items()}

    def volumes(self, owner: Address, namespace: str) -> tuple[Volume, ...] | str:
        """Return what is stored there."""
        return self.stored.get(namespace, ())

    def begin_snapshot(self, volume: Volume) -> str:
        """Return the name of a snapshot."""
        return f"{volume.claim}-x7"

    def snapshot(self, volume: Volume, name: str) -> Snapshot | str:
        """Return the snapshot, if it is ready."""
        content = Snapshot(volume.owner.place, str(volume), f"snapcontent-{name}", f"snap-{name}")
        return self.snapshot_status or content

    def cause(self, planned: PlannedChild) -> str:
        """Return what the pods say."""
        return self.causes.get(str(planned.address), "")


def session(
    files: Catalog, engine: FakeEngine, world: FakeWorld | None = None, stacks: Mapping[str, StackTarget] | None = None
) -> Session:
    """Open stack `dev` over fakes."""
    stacks = stacks or {"dev": StackTarget(environment="dev")}
    plan = resolve(files, stacks["dev"])
    return Session("dev", plan, engine, world or FakeWorld(), files, stacks)  # type: ignore[arg-type]


def steps(address: str, operation: Operation, *phases: Phase, resource: str = "deployment") -> tuple[StepEvent, ...]:
    """Return the events of one resource, a second apart."""
    return tuple(
        StepEvent(change(address, operation, resource), phase, 1000.0 + second) for second, phase in enumerate(phases)
    )
