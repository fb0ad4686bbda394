"""EventBridge Pipes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sandbox.aws.casing import camel, pascal
from sandbox.aws.cloud import Region
from sandbox.aws.resource import TAGS, Field, RefusedError, Resource
from sandbox.aws.wire import Props

_PLAIN = ("description", "desiredState", "enrichment", "kmsKeyIdentifier", "roleArn", "source", "target")
_NESTED = ("enrichmentParameters", "sourceParameters", "targetParameters")


class Pipe(Resource):
    """Id and import: the pipe's name."""

    type_name = "aws:pipes/pipe:Pipe"
    fields = {
        "description": Field(),
        "desiredState": Field("RUNNING"),
        "enrichment": Field(),
        "enrichmentParameters": Field(),
        "kmsKeyIdentifier": Field(),
        "logConfiguration": Field(unread=True),
        "name": Field(replaces=True),
        "namePrefix": Field(replaces=True, unread=True),
        "roleArn": Field(),
        "source": Field(replaces=True),
        "sourceParameters": Field(),
        "target": Field(),
        "targetParameters": Field(),
        **TAGS,
    }
    outputs = ("arn",)

    def create(self, region: Region, inputs: Props) -> str:
        """Create the pipe; AWS refuses a second one of its name, moto does not."""
        client = region.client("pipes")
        if _exists(client, inputs["name"]):
            raise RefusedError(f"ConflictException: Pipe {inputs['name']} already exists")
        client.create_pipe(Name=inputs["name"], Tags=inputs.get("tagsAll", {}), **_request(inputs))
        return str(inputs["name"])

    def read(self, region: Region, id_: str, known: Props) -> Props | None:  # noqa: ARG002
        """Read the pipe."""
        pipe = region.client("pipes").describe_pipe(Name=id_)
        state: Props = camel({key: pipe.get(key) for key in map(_capital, (*_PLAIN, *_NESTED))})
        return {**state, "id": id_, "name": id_, "arn": pipe["Arn"], "tags": pipe.get("Tags", {})}

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:
        """Update the pipe; a parameter of its source is told apart from what names the source."""
        client = region.client("pipes")
        if set(changed) - {"tags", "tagsAll"}:
            request = _request(new)
            client.update_pipe(Name=id_, **{key: value for key, value in request.items() if key != "Source"})
        if "tagsAll" in changed:
            _retag(client, client.describe_pipe(Name=id_), new.get("tagsAll", {}))

    def delete(self, region: Region, id_: str, state: Props) -> None:  # noqa: ARG002
        """Delete the pipe."""
        region.client("pipes").delete_pipe(Name=id_)


RESOURCES: tuple[Resource, ...] = (Pipe(),)


def _capital(key: str) -> str:
    return key[0].upper() + key[1:]


def _request(inputs: Props) -> Props:
    request: Props = pascal({key: inputs[key] for key in (*_PLAIN, *_NESTED) if inputs.get(key)})
    return request


def _exists(client: Any, name: str) -> bool:  # noqa: ANN401  (boto3)
    try:
        client.describe_pipe(Name=name)
    except client.exceptions.NotFoundException:
        return False
    return True


def _retag(client: Any, pipe: Props, wanted: dict[str, str]) -> None:  # noqa: ANN401  (boto3)
    surplus = sorted(set(pipe.get("Tags", {})) - set(wanted))
    if surplus:
        client.untag_resource(resourceArn=pipe["Arn"], tagKeys=surplus)
    if wanted:
        client.tag_resource(resourceArn=pipe["Arn"], tags=wanted)
