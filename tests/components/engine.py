"""A stand-in for the engine that remembers every registration, with what Pulumi's own mocks forget."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pulumi
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import mocks, settings, stack, sync_await
from pulumi.runtime.proto import callback_pb2


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

    def __init__(self, state: dict[str, Any] | None = None) -> None:
        super().__init__(Answers(state or {}))
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

    def __init__(self, state: dict[str, Any]) -> None:
        self.state = state

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        """Make anything."""
        extra = {"version": "7"} if args.typ == "aws:lambda/function:Function" else {}
        url = {"functionUrl": "https://url.example/"} if args.typ == "aws:lambda/functionUrl:FunctionUrl" else {}
        rendered = {"resources": []} if args.typ.endswith((":Directory", ":Chart")) else {}
        return f"{args.name}-id", {**args.inputs, **extra, **url, **rendered}

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
        """Return the state, whatever is asked."""
        return {"name": args.args["stackName"], "outputs": self.state}


class Callbacks:
    """What serves the engine's calls back into the program: here none come."""

    def register_transform(self, transform: object) -> callback_pb2.Callback:
        """Remember nothing."""
        return callback_pb2.Callback(token="transform", target="")


def run(program: Callable[[], Any], state: dict[str, Any] | None = None) -> Engine:
    """Run a program to its end and return what it registered; errors of the program are raised."""
    engine = Engine(state)
    mocks.set_mocks(engine.mocks, project="app-of-apps", stack="test", monitor=engine, organization="organization")
    settings.SETTINGS.callbacks = Callbacks()
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
