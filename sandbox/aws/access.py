"""Lambda: who may call functions: permissions and URLs."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sandbox.aws.casing import camel, pascal
from sandbox.aws.cloud import Region
from sandbox.aws.invocation import bare, reference
from sandbox.aws.resource import Field, RefusedError, Resource
from sandbox.aws.wire import Props


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


RESOURCES: tuple[Resource, ...] = (Permission(), FunctionUrl())


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
