"""Pulumi's provider protocol over the table of resources."""

from __future__ import annotations

import functools
import os
import re
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import grpc  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from sandbox.aws import semantics
from sandbox.aws.cloud import Cloud, Region
from sandbox.aws.invokes import invoke
from sandbox.aws.resource import RefusedError, Resource
from sandbox.aws.semantics import Change
from sandbox.aws.table import RESOURCES, not_covered, resource_of
from sandbox.aws.wire import Props, decode, encode

VERSION = "7.51.1"
DELAY = "AOA_SANDBOX_AWS_DELAY"
"""`<type>=<seconds>`: sleep after AWS created a resource of that type, so that a test can kill the engine there."""

_GONE = re.compile(r"NotFound|NoSuch|NonExistent|DoesNotExist|^404$")
_Kind = provider_pb2.PropertyDiff.Kind


class Call(Protocol):
    """What is used of a gRPC context."""

    def abort(self, code: grpc.StatusCode, details: str) -> Any:  # noqa: ANN401  (never returns)
        """End the call with an error."""


_Method = TypeVar("_Method", bound=Callable[..., Any])


def answering(method: _Method) -> _Method:
    """Turn what went wrong into the message the engine shows."""

    @functools.wraps(method)
    def answer(self: Provider, request: Any, context: Call) -> Any:  # noqa: ANN401  (one of many requests)
        try:
            return method(self, request, context)
        except (RefusedError, BotoCoreError, ClientError, ValueError, OSError, KeyError, RuntimeError) as error:
            message = f"missing property {error}" if isinstance(error, KeyError) else str(error)
            return context.abort(grpc.StatusCode.UNKNOWN, message)

    return answer  # type: ignore[return-value]


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """The stand-in as the engine sees it."""

    def __init__(self) -> None:
        self._cloud = Cloud({})
        self.is_cancelled = False

    def GetPluginInfo(self, request: object, context: Call) -> plugin_pb2.PluginInfo:  # noqa: ARG002, N802
        """Answer with the version whose types are answered."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetSchema(self, request: object, context: Call) -> provider_pb2.GetSchemaResponse:  # noqa: ARG002, N802
        """Answer with a schema that names nothing: programs bring their own SDK."""
        return provider_pb2.GetSchemaResponse(schema=f'{{"name": "aws", "version": "{VERSION}"}}')

    def Attach(self, request: object, context: Call) -> empty_pb2.Empty:  # noqa: ARG002, N802
        """Accept another engine (`PULUMI_DEBUG_PROVIDERS`)."""
        return empty_pb2.Empty()

    def Cancel(self, request: object, context: Call) -> empty_pb2.Empty:  # noqa: ARG002, N802
        """Accept: every call is short. From now on an interrupt ends the process."""
        self.is_cancelled = True
        return empty_pb2.Empty()

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: Call) -> provider_pb2.CheckResponse:  # noqa: ARG002, N802
        """Take the configuration as it is: what it says beyond ours is for the official provider."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: Call) -> provider_pb2.DiffResponse:  # noqa: ARG002, N802
        """Compare; a change of the provider replaces nothing by itself, one of `region` shows in its resources."""
        old, new = decode(request.old_inputs), decode(request.news)
        differing = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
        return provider_pb2.DiffResponse(changes=_some(bool(differing)), diffs=differing)

    @answering
    def Configure(self, request: provider_pb2.ConfigureRequest, context: Call) -> provider_pb2.ConfigureResponse:  # noqa: ARG002, N802
        """Keep the configuration, and refuse to talk to the real AWS."""
        variables = {key.rpartition(":")[2]: value for key, value in request.variables.items()}
        self._cloud = Cloud({**variables, **decode(request.args)})
        if not self._cloud.has_endpoint:
            raise RefusedError(
                "AWS_ENDPOINT_URL is not set: the aws stand-in of the sandbox speaks to moto, never to a real account. "
                f"Start the sandbox, or install the official plugin: pulumi plugin install resource aws {VERSION}"
            )
        return provider_pb2.ConfigureResponse(supportsPreview=True, acceptSecrets=False, acceptResources=False)

    @answering
    def Invoke(self, request: provider_pb2.InvokeRequest, context: Call) -> provider_pb2.InvokeResponse:  # noqa: ARG002, N802
        """Answer a data source."""
        answer = invoke(request.tok, self._cloud.region(decode(request.args).get("region")))
        return provider_pb2.InvokeResponse(**{"return": encode(answer)})

    @answering
    def Check(self, request: provider_pb2.CheckRequest, context: Call) -> provider_pb2.CheckResponse:  # noqa: ARG002, N802
        """Fill in name, region and tags; refuse inputs the stand-in does not cover."""
        resource, news, olds = resource_of(_token(request.urn)), decode(request.news), decode(request.olds)
        name = semantics.generated_name(resource, news, request.urn, request.randomSeed)
        inputs = semantics.checked(resource, news, olds, name, self._cloud.default_tags)
        if resource.regional and not inputs.get("region"):
            inputs["region"] = self._cloud.region(None).name
        surplus = semantics.unknown_inputs(resource, news)
        failures = [
            provider_pb2.CheckFailure(property=key, reason=not_covered("property", key, list(resource.all_fields())))
            for key in surplus
        ]
        return provider_pb2.CheckResponse(inputs=encode(inputs), failures=failures)

    @answering
    def Diff(self, request: provider_pb2.DiffRequest, context: Call) -> provider_pb2.DiffResponse:  # noqa: ARG002, N802
        """Compare recorded and wanted inputs."""
        resource = resource_of(_token(request.urn))
        old_inputs, news = decode(request.old_inputs), decode(request.news)
        changes = semantics.changes(resource, old_inputs, decode(request.olds), news)
        return provider_pb2.DiffResponse(
            changes=_some(bool(changes)),
            diffs=[change.key for change in changes],
            replaces=[change.key for change in changes if change.replaces],
            deleteBeforeReplace=semantics.deletes_first(resource, old_inputs, news),
            detailedDiff={change.key: _detail(change) for change in changes},
            hasDetailedDiff=True,
        )

    @answering
    def Create(self, request: provider_pb2.CreateRequest, context: Call) -> provider_pb2.CreateResponse:  # noqa: ARG002, N802
        """Create, and answer with what AWS made of it."""
        token = _token(request.urn)
        resource, inputs = resource_of(token), decode(request.properties)
        if request.preview:
            state = semantics.planned(resource, inputs, {}, resource.outputs)
            return provider_pb2.CreateResponse(properties=encode(state))
        region = self._region(inputs)
        id_ = resource.create(region, inputs)
        time.sleep(_delay(token))
        id_, state = self._recorded(resource, region, id_, inputs)
        return provider_pb2.CreateResponse(id=id_, properties=encode(state))

    @answering
    def Read(self, request: provider_pb2.ReadRequest, context: Call) -> provider_pb2.ReadResponse:  # noqa: ARG002, N802
        """Answer with what AWS has; recorded inputs are absent when the resource is imported."""
        resource = resource_of(_token(request.urn))
        inputs, state = decode(request.inputs), decode(request.properties)
        region = self._region({**state, **inputs})
        found = self._observed(resource, region, request.id, inputs, state)
        if found is None:
            return provider_pb2.ReadResponse()
        id_, now_inputs, now = found
        return provider_pb2.ReadResponse(id=id_, inputs=encode(now_inputs), properties=encode(now))

    @answering
    def Update(self, request: provider_pb2.UpdateRequest, context: Call) -> provider_pb2.UpdateResponse:  # noqa: ARG002, N802
        """Update what changed, and answer with what AWS made of it."""
        resource = resource_of(_token(request.urn))
        old_inputs, old, new = decode(request.old_inputs), decode(request.olds), decode(request.news)
        changed = [change.key for change in semantics.changes(resource, old_inputs, old, new)]
        if request.preview:
            unknown = resource.unknown_after(changed, new)
            return provider_pb2.UpdateResponse(properties=encode(semantics.planned(resource, new, old, unknown)))
        region = self._region(new)
        resource.update(region, request.id, new, changed)
        _, state = self._recorded(resource, region, request.id, new)
        return provider_pb2.UpdateResponse(properties=encode(state))

    @answering
    def Delete(self, request: provider_pb2.DeleteRequest, context: Call) -> empty_pb2.Empty:  # noqa: ARG002, N802
        """Delete; what is gone already is deleted."""
        resource = resource_of(_token(request.urn))
        state = {**decode(request.properties), **decode(request.old_inputs)}
        try:
            resource.delete(self._region(state), request.id, state)
        except ClientError as error:
            if not _is_gone(error):
                raise
        return empty_pb2.Empty()

    def _region(self, props: Props) -> Region:
        return self._cloud.region(props.get("region"))

    def _recorded(self, resource: Resource, region: Region, id_: str, inputs: Props) -> tuple[str, Props]:
        """Return id and state of what was just made as these inputs say."""
        found = self._observed(resource, region, id_, inputs, {})
        if found is None:
            raise RefusedError(f"AWS took {id_} and does not show it")
        id_, _, state = found
        return id_, {key: value for key, value in state.items() if key != semantics.UNTOLD}

    def _observed(
        self, resource: Resource, region: Region, id_: str, inputs: Props, state: Props
    ) -> tuple[str, Props, Props] | None:
        """Return id, inputs and state as AWS has them, or None when it has nothing."""
        known = {**state, **inputs}
        try:
            world = resource.read(region, id_, known)
        except ClientError as error:
            if _is_gone(error):
                return None
            raise
        if world is None:
            return None
        world = semantics.with_tags(resource, world, known, self._cloud.default_tags)
        if resource.regional:
            world["region"] = region.name
        return world["id"], *semantics.observed(resource, world, inputs, state)


def known_types() -> tuple[str, ...]:
    """Return the type tokens the stand-in answers."""
    return tuple(sorted(RESOURCES))


def _token(urn: str) -> str:
    """Return the resource's own type: a URN lists its parents' types before it."""
    return urn.split("::")[2].rpartition("$")[2]


def _some(changed: bool) -> provider_pb2.DiffResponse.DiffChanges.ValueType:
    return provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE


def _detail(change: Change) -> provider_pb2.PropertyDiff:
    kind = "UPDATE" if change.before == change.after else "ADD" if change.after else "DELETE"
    return provider_pb2.PropertyDiff(kind=_Kind.Value(f"{kind}_REPLACE" if change.replaces else kind), inputDiff=True)


def _is_gone(error: ClientError) -> bool:
    return bool(_GONE.search(str(error.response["Error"]["Code"])))


def _delay(token: str) -> float:
    wanted, _, seconds = os.environ.get(DELAY, "").rpartition("=")
    return float(seconds) if wanted == token else 0.0
