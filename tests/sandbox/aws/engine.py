"""The stand-in, called as the engine calls it."""
# ruff: noqa: D102  (the calls are those of the provider protocol)

from __future__ import annotations

from dataclasses import dataclass, field

from pulumi.runtime.proto import provider_pb2

from sandbox.aws.servicer import Provider
from sandbox.aws.wire import Props, decode, encode


class AbortedError(Exception):
    """What the engine would see as an error."""


class Call:
    def abort(self, code: object, details: str) -> None:
        raise AbortedError(details)


@dataclass
class Made:
    """A resource as the engine records it."""

    type_: str
    id: str = ""
    inputs: Props = field(default_factory=dict)
    state: Props = field(default_factory=dict)


class Engine:
    """Calls the provider as the engine does."""

    def __init__(self, config: dict[str, str] | None = None) -> None:
        self.provider = Provider()
        args = encode({"region": "eu-west-1", **(config or {})})
        self.provider.Configure(provider_pb2.ConfigureRequest(args=args), Call())

    def check(self, type_: str, news: Props, olds: Props | None = None) -> Props:
        answer = self.provider.Check(
            provider_pb2.CheckRequest(urn=urn(type_), news=encode(news), olds=encode(olds or {}), randomSeed=b"1"),
            Call(),
        )
        assert not answer.failures, answer.failures
        return decode(answer.inputs)

    def create(self, type_: str, news: Props, preview: bool = False) -> Made:
        inputs = self.check(type_, news)
        answer = self.provider.Create(
            provider_pb2.CreateRequest(urn=urn(type_), properties=encode(inputs), preview=preview), Call()
        )
        return Made(type_, answer.id, inputs, decode(answer.properties))

    def diff(self, made: Made, news: Props) -> provider_pb2.DiffResponse:
        return self.provider.Diff(
            provider_pb2.DiffRequest(
                id=made.id,
                urn=urn(made.type_),
                olds=encode(made.state),
                old_inputs=encode(made.inputs),
                news=encode(self.check(made.type_, news, made.inputs)),
            ),
            Call(),
        )

    def update(self, made: Made, news: Props, preview: bool = False) -> Made:
        inputs = self.check(made.type_, news, made.inputs)
        answer = self.provider.Update(
            provider_pb2.UpdateRequest(
                id=made.id,
                urn=urn(made.type_),
                olds=encode(made.state),
                old_inputs=encode(made.inputs),
                news=encode(inputs),
                preview=preview,
            ),
            Call(),
        )
        return Made(made.type_, made.id, inputs, decode(answer.properties))

    def read(self, made: Made) -> Made:
        answer = self.provider.Read(
            provider_pb2.ReadRequest(
                id=made.id, urn=urn(made.type_), properties=encode(made.state), inputs=encode(made.inputs)
            ),
            Call(),
        )
        return Made(made.type_, answer.id, decode(answer.inputs), decode(answer.properties))

    def delete(self, made: Made) -> None:
        self.provider.Delete(
            provider_pb2.DeleteRequest(
                id=made.id, urn=urn(made.type_), properties=encode(made.state), old_inputs=encode(made.inputs)
            ),
            Call(),
        )


def urn(type_: str) -> str:
    """Return a URN of a resource of a type, within a component."""
    return f"urn:pulumi:dev::shop::app:Function$x:y:Z${type_}::thing"
