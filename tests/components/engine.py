"""A stand-in for the engine that remembers every registration, with what Pulumi's own mocks forget."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pulumi
import yaml
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import mocks, stack, sync_await

from appofapps.catalog.objects import CLUSTER_SCOPED

Rendering = Callable[[str, dict[str, Any]], list[dict[str, Any]]]
"""What a provider renders, by function and arguments; raises ValueError with what it would say."""


@dataclass(frozen=True)
class Registered:
    """One resource as the program asked for it."""

    urn: str
    type: str
    name: str
    parent: str
    inputs: dict[str, Any]
    provider: str
    depends_on: frozenset[str]
    """Logical names."""
    aliases: tuple[str, ...]
    timeouts: dict[str, str]
    ignored: tuple[str, ...]
    retained: bool


class Engine(mocks.MockMonitor):
    """Registers everything, and refuses nothing."""

    def __init__(self, state: dict[str, Any] | None = None, rendering: Rendering | None = None) -> None:
        super().__init__(Answers(state or {}, rendering))
        self.asked: list[tuple[str, dict[str, Any]]] = self.mocks.asked
        self.registered: dict[str, Registered] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the name of the protocol
        """Remember the request and answer it."""
        answer = super().RegisterResource(request)
        if request.type != "pulumi:pulumi:Stack":
            self.registered[f"{request.type.rpartition(':')[2]} {request.name}"] = _registered(answer.urn, request)
        return answer

    def named(self, name: str) -> Registered:
        """Return the resource of a logical name; where a component shares it, the one that is no Tenancy."""
        found = [each for each in self.registered.values() if each.name == name and "Tenancy" not in each.type]
        assert len(found) == 1, (name, sorted(self.registered))
        return found[0]

    def names(self) -> set[str]:
        """Return the logical names of all resources of children."""
        return {each.name for each in self.registered.values() if "/" in each.name}


class Answers(pulumi.runtime.Mocks):
    """What providers would answer: the inputs, and a version for functions."""

    def __init__(self, state: dict[str, Any], rendering: Rendering | None) -> None:
        self.state = state
        self.rendering = rendering
        self.asked: list[tuple[str, dict[str, Any]]] = []
        """What was rendered: the function, and its arguments."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        """Make anything."""
        extra = {"version": "7"} if args.typ == "aws:lambda/function:Function" else {}
        url = {"functionUrl": "https://url.example/"} if args.typ == "aws:lambda/functionUrl:FunctionUrl" else {}
        return f"{args.name}-id", {**args.inputs, **extra, **url}

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:
        """Render, or return the state."""
        function = args.token.removeprefix("kubernetes:")
        if function == args.token:
            return {"name": args.args["stackName"], "outputs": self.state}
        if function == "yaml:decode":
            objects = [yaml.safe_load(line) for line in args.args["text"].splitlines()]
            return {"result": [_settled(each, args.args["defaultNamespace"]) for each in objects]}
        self.asked.append((function, args.args))
        try:
            return {"result": self.rendering(function, args.args) if self.rendering else []}
        except ValueError as error:
            return {}, [("", str(error))]


def _settled(document: dict[str, Any], namespace: str) -> dict[str, Any]:
    """Return an object in a namespace, as the provider puts it there: kinds that it does not know, too."""
    inside = {} if document["kind"] in CLUSTER_SCOPED else {"namespace": namespace}
    return {**document, "metadata": {**inside, **document["metadata"]}}


def run(program: Callable[[], Any], state: dict[str, Any] | None = None, rendering: Rendering | None = None) -> Engine:
    """Run a program to its end and return what it registered; errors of the program are raised."""
    engine = Engine(state, rendering)
    mocks.set_mocks(engine.mocks, project="app-of-apps", stack="test", monitor=engine, organization="organization")
    sync_await._sync_await(stack.run_pulumi_func(program))  # noqa: SLF001 - as `pulumi.runtime.test` does
    return engine


def _registered(urn: str, request: Any) -> Registered:
    timeouts = {"create": request.customTimeouts.create, "update": request.customTimeouts.update}
    return Registered(
        urn=urn,
        type=request.type,
        name=request.name,
        parent=request.parent.rpartition("::")[2],
        inputs=MessageToDict(request.object),
        provider=request.provider.rpartition("::")[0].rpartition("::")[2],
        depends_on=frozenset(dependency.rpartition("::")[2] for dependency in request.dependencies),
        aliases=tuple(alias.spec.name or alias.urn.rpartition("::")[2] for alias in request.aliases),
        timeouts={key: value for key, value in timeouts.items() if value},
        ignored=tuple(request.ignoreChanges),
        retained=request.retainOnDelete,
    )
