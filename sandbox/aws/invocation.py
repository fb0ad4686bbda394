"""Lambda: how functions are called: aliases, event source mappings, permissions and URLs."""

from __future__ import annotations

import json
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


class Permission(Resource):
    """Id: the statement's id; import: `function/statement` or `function:qualifier/statement`."""

    type_name = "aws:lambda/permission:Permission"
    named = "statementId"
    identity = ("function", "qualifier", "statementId")
    fields = {
        "action": Field(replaces=True),
        "eventSourceToken": Field(replaces=True, unread=True),
        "function": Field(replaces=True, alike=reference),
        "functionUrlAuthType": Field(replaces=True, unread=True),
        "principal": Field(replaces=True),
        "principalOrgId": Field(replaces=True),
        "qualifier": Field(replaces=True),
        "sourceAccount": Field(replaces=True),
        "sourceArn": Field(replaces=True),
        "statementId": Field(replaces=True),
        "statementIdPrefix": Field(replaces=True, unread=True),
    }

    def create(self, region: Region, inputs: Props) -> str:
        """Add the statement; AWS refuses a second one of the same id, moto does not."""
        client = region.client("lambda")
        if _statement(client, inputs):
            raise RefusedError(f"ResourceConflictException: the statement id {inputs['statementId']} already exists")
        keys = ("action", "eventSourceToken", "functionUrlAuthType", "principal", "sourceAccount", "sourceArn")
        request = pascal({key: inputs[key] for key in keys if inputs.get(key)})
        if inputs.get("principalOrgId"):
            request["PrincipalOrgID"] = inputs["principalOrgId"]
        client.add_permission(**_function(inputs), StatementId=inputs["statementId"], **request)
        return str(inputs["statementId"])

    def read(self, region: Region, id_: str, known: Props) -> Props | None:
        """Find the statement in the function's policy."""
        known = known if known.get("function") else _located(id_)
        statement = _statement(region.client("lambda"), known)
        if not statement:
            return None
        principal = statement["Principal"]
        conditions = {key: value for group in statement.get("Condition", {}).values() for key, value in group.items()}
        return {
            "id": known["statementId"],
            "action": statement["Action"],
            "function": known["function"],
            "principal": next(iter(principal.values())) if isinstance(principal, dict) else principal,
            "principalOrgId": conditions.get("aws:PrincipalOrgID"),
            "qualifier": known.get("qualifier"),
            "sourceAccount": conditions.get("AWS:SourceAccount"),
            "sourceArn": conditions.get("AWS:SourceArn"),
            "statementId": known["statementId"],
        }

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:  # noqa: ARG002
        """Refuse: every change of a permission is a replacement."""
        raise RefusedError(f"a permission is replaced, not changed: {sorted(changed)}")

    def delete(self, region: Region, id_: str, state: Props) -> None:
        """Remove the statement."""
        state = state if state.get("function") else _located(id_)
        region.client("lambda").remove_permission(**_function(state), StatementId=state["statementId"])


class FunctionUrl(Resource):
    """Id and import: the function's name, with `/qualifier` after it for an alias."""

    type_name = "aws:lambda/functionUrl:FunctionUrl"
    named = None
    identity = ("functionName", "qualifier")
    fields = {
        "authorizationType": Field(),
        "cors": Field(),
        "functionName": Field(replaces=True, alike=reference),
        "invokeMode": Field("BUFFERED", unread=True),
        "qualifier": Field(replaces=True, unread=True),
    }
    outputs = ("functionArn", "functionUrl", "urlId")

    def create(self, region: Region, inputs: Props) -> str:
        """Create the URL; AWS refuses a second one, moto does not."""
        client = region.client("lambda")
        name = bare(inputs["functionName"])
        try:
            client.get_function_url_config(FunctionName=name)
        except client.exceptions.ResourceNotFoundException:
            client.create_function_url_config(FunctionName=name, **_url(inputs))
        else:
            raise RefusedError(f"ResourceConflictException: the function {name} has a URL already")
        return f"{name}/{inputs['qualifier']}" if inputs.get("qualifier") else name

    def read(self, region: Region, id_: str, known: Props) -> Props | None:  # noqa: ARG002
        """Read the URL's configuration."""
        name = id_.partition("/")[0]
        answer = region.client("lambda").get_function_url_config(FunctionName=name)
        return {
            "id": id_,
            "authorizationType": answer["AuthType"],
            "cors": camel(answer.get("Cors")),
            "functionArn": answer["FunctionArn"],
            "functionName": name,
            "functionUrl": answer["FunctionUrl"],
            "urlId": answer["FunctionUrl"].removeprefix("https://").partition(".")[0],
        }

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:  # noqa: ARG002
        """Update the URL's configuration."""
        name = bare(new["functionName"])
        region.client("lambda").update_function_url_config(FunctionName=name, **_url(new))

    def delete(self, region: Region, id_: str, state: Props) -> None:  # noqa: ARG002
        """Delete the URL."""
        region.client("lambda").delete_function_url_config(FunctionName=id_.partition("/")[0])


RESOURCES: tuple[Resource, ...] = (Alias(), EventSourceMapping(), Permission(), FunctionUrl())


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


def _function(props: Props) -> Props:
    qualifier = {"Qualifier": props["qualifier"]} if props.get("qualifier") else {}
    return {"FunctionName": bare(props["function"]), **qualifier}


def _statement(client: Any, props: Props) -> Props | None:  # noqa: ANN401  (boto3)
    try:
        policy = json.loads(client.get_policy(**_function(props))["Policy"])
    except client.exceptions.ResourceNotFoundException:
        return None
    found: list[Props] = [entry for entry in policy["Statement"] if entry.get("Sid") == props["statementId"]]
    return found[0] if found else None


def _located(id_: str) -> Props:
    function, _, statement = id_.rpartition("/")
    name, _, qualifier = str(reference(function)).partition(":")
    return {"function": name, "statementId": statement} | ({"qualifier": qualifier} if qualifier else {})


def _url(inputs: Props) -> Props:
    cors = {"Cors": pascal(inputs["cors"])} if inputs.get("cors") else {}
    mode = {"InvokeMode": inputs["invokeMode"]} if inputs.get("invokeMode") else {}
    return {"AuthType": inputs["authorizationType"], **cors, **mode}
