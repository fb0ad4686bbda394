"""Lambda: what calls functions, and which version: aliases and event source mappings."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sandbox.aws.casing import camel, pascal
from sandbox.aws.cloud import Region
from sandbox.aws.resource import TAGS, Field, RefusedError, Resource
from sandbox.aws.wire import Props


def reference(function: Any) -> Any:  # noqa: ANN401  (any property)
    """Return `name[:qualifier]`: functions are named by name or by ARN."""
    return str(function).rpartition(":function:")[2]


def bare(function: str) -> str:
    """Return a function's name without its qualifier."""
    return str(reference(function)).partition(":")[0]


class Alias(Resource):
    """Id: the alias's ARN; import: `function/alias`."""

    type_name = "aws:lambda/alias:Alias"
    identity = ("functionName", "name")
    fields = {
        "description": Field(),
        "functionName": Field(replaces=True, alike=reference),
        "functionVersion": Field(),
        "name": Field(replaces=True),
        "routingConfig": Field(),
    }
    outputs = ("arn", "invokeArn")

    def create(self, region: Region, inputs: Props) -> str:
        """Create the alias."""
        answer = region.client("lambda").create_alias(Name=inputs["name"], **_alias(inputs))
        return str(answer["AliasArn"])

    def read(self, region: Region, id_: str, known: Props) -> Props | None:  # noqa: ARG002
        """Read version and routing."""
        function, name = _alias_key(id_)
        alias = region.client("lambda").get_alias(FunctionName=function, Name=name)
        weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights", {})
        path = f"arn:aws:apigateway:{region.name}:lambda:path/2015-03-31/functions"
        return {
            "id": alias["AliasArn"],
            "arn": alias["AliasArn"],
            "invokeArn": f"{path}/{alias['AliasArn']}/invocations",
            "name": name,
            "functionName": function,
            "functionVersion": alias["FunctionVersion"],
            "description": alias.get("Description"),
            "routingConfig": {"additionalVersionWeights": weights},
        }

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:  # noqa: ARG002
        """Move the alias."""
        region.client("lambda").update_alias(Name=new["name"], **_alias(new))

    def delete(self, region: Region, id_: str, state: Props) -> None:  # noqa: ARG002
        """Delete the alias."""
        function, name = _alias_key(id_)
        region.client("lambda").delete_alias(FunctionName=function, Name=name)


class EventSourceMapping(Resource):
    """Id and import: the mapping's UUID."""

    type_name = "aws:lambda/eventSourceMapping:EventSourceMapping"
    named = None
    identity = ("eventSourceArn", "functionName")
    fields = {
        "batchSize": Field(10),
        "bisectBatchOnFunctionError": Field(False),
        "enabled": Field(True),
        "eventSourceArn": Field(replaces=True),
        "filterCriteria": Field(),
        "functionName": Field(alike=reference),
        "functionResponseTypes": Field(),
        "maximumBatchingWindowInSeconds": Field(0),
        "maximumRecordAgeInSeconds": Field(computed=True),
        "maximumRetryAttempts": Field(computed=True),
        "parallelizationFactor": Field(computed=True),
        "scalingConfig": Field(),
        "startingPosition": Field(replaces=True),
        "tumblingWindowInSeconds": Field(0),
        **TAGS,
    }
    outputs = ("arn", "functionArn", "lastModified", "lastProcessingResult", "state", "stateTransitionReason", "uuid")
    _PLAIN = tuple(sorted(set(fields) - {"enabled", "functionName", "tags", "tagsAll"}))

    def create(self, region: Region, inputs: Props) -> str:
        """Create the mapping; AWS refuses a second one of the same source and function, moto does not."""
        client = region.client("lambda")
        source, function = inputs["eventSourceArn"], inputs["functionName"]
        for present in client.list_event_source_mappings(EventSourceArn=source)["EventSourceMappings"]:
            if bare(present["FunctionArn"]) == bare(function):
                raise RefusedError(
                    f"ResourceConflictException: an event source mapping with {source} and function {bare(function)}"
                    f" already exists, UUID {present['UUID']}"
                )
        answer = client.create_event_source_mapping(**self._request(inputs), Tags=inputs.get("tagsAll", {}))
        return str(answer["UUID"])

    def read(self, region: Region, id_: str, known: Props) -> Props | None:
        """Read the mapping."""
        client = region.client("lambda")
        answer = client.get_event_source_mapping(UUID=id_)
        names = {key: key[0].upper() + key[1:] for key in self._PLAIN}
        return {
            **{key: camel(answer.get(name)) for key, name in names.items()},
            "id": id_,
            "uuid": id_,
            "arn": answer["EventSourceMappingArn"],
            "enabled": answer["State"] not in ("Disabled", "Disabling"),
            "functionArn": answer["FunctionArn"],
            "functionName": _called(client, answer["FunctionArn"], known.get("functionName")),
            "lastModified": "",  # moves with every call, and would be the only difference a refresh finds
            "lastProcessingResult": "",
            "state": answer["State"],
            "stateTransitionReason": answer.get("StateTransitionReason", ""),
            "tags": client.list_tags(Resource=answer["EventSourceMappingArn"]).get("Tags", {}),
        }

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:
        """Update the mapping."""
        wanted = {key: new.get(key, self.fields[key].default) for key in changed if key in self.fields}
        request = self._request(wanted)
        client = region.client("lambda")
        client.update_event_source_mapping(UUID=id_, **request)
        if "tagsAll" in changed:
            _retag(client, client.get_event_source_mapping(UUID=id_)["EventSourceMappingArn"], new.get("tagsAll", {}))

    def delete(self, region: Region, id_: str, state: Props) -> None:  # noqa: ARG002
        """Delete the mapping."""
        region.client("lambda").delete_event_source_mapping(UUID=id_)

    def _request(self, inputs: Props) -> Props:
        keys = (*self._PLAIN, "enabled", "functionName")
        request: Props = pascal({key: inputs[key] for key in keys if inputs.get(key) is not None})
        blanks: Props = {"FilterCriteria": {}, "ScalingConfig": {}, "FunctionResponseTypes": []}
        gone = [key for key in keys if key in inputs and inputs[key] is None]
        return request | {name: blanks[name] for key in gone if (name := key[0].upper() + key[1:]) in blanks}


RESOURCES: tuple[Resource, ...] = (Alias(), EventSourceMapping())


def _alias(inputs: Props) -> Props:
    weights = (inputs.get("routingConfig") or {}).get("additionalVersionWeights") or {}
    return {
        "FunctionName": bare(inputs["functionName"]),
        "FunctionVersion": inputs["functionVersion"],
        "Description": inputs.get("description", ""),
        "RoutingConfig": {"AdditionalVersionWeights": weights},
    }


def _alias_key(id_: str) -> tuple[str, str]:
    """Split the ARN of an alias, or what one types to import it."""
    function, _, name = str(reference(id_)).replace("/", ":").partition(":")
    return function, name


def _called(client: Any, arn: str, known: str | None) -> str:  # noqa: ANN401  (boto3)
    """Return the function a mapping calls as the program writes it.

    moto records the version an alias had when the mapping was made, not the alias: no drift. Imported, a function
    with a single alias is called by it.
    """
    if known:
        return known if bare(known) == bare(arn) else arn
    aliases = client.list_aliases(FunctionName=bare(arn))["Aliases"]
    return str(aliases[0]["AliasArn"]) if len(aliases) == 1 and reference(arn) != bare(arn) else arn


def _retag(client: Any, arn: str, wanted: dict[str, str]) -> None:  # noqa: ANN401  (boto3)
    surplus = sorted(set(client.list_tags(Resource=arn).get("Tags", {})) - set(wanted))
    if surplus:
        client.untag_resource(Resource=arn, TagKeys=surplus)
    if wanted:
        client.tag_resource(Resource=arn, Tags=wanted)
