"""CloudFront: functions at the edge."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sandbox.aws.casing import tag_list, tag_map
from sandbox.aws.cloud import Region
from sandbox.aws.resource import TAGS, Field, Resource
from sandbox.aws.wire import Props

_DECIDED = ("etag", "liveStageEtag", "status")


class Function(Resource):
    """Id and import: the function's name. moto has one stage, and neither updates nor publishes: it is made anew."""

    type_name = "aws:cloudfront/function:Function"
    regional = False
    fields = {
        "code": Field(),
        "comment": Field(),
        "keyValueStoreAssociations": Field(unread=True),
        "name": Field(replaces=True),
        "publish": Field(True, unread=True),
        "runtime": Field(),
        **TAGS,
    }
    outputs = ("arn", *_DECIDED)

    def create(self, region: Region, inputs: Props) -> str:
        """Create the function."""
        config: Props = {"Comment": inputs.get("comment", ""), "Runtime": inputs["runtime"]}
        if stores := inputs.get("keyValueStoreAssociations"):
            items = [{"KeyValueStoreARN": arn} for arn in stores]
            config["KeyValueStoreAssociations"] = {"Quantity": len(items), "Items": items}
        region.client("cloudfront").create_function(
            Name=inputs["name"],
            FunctionConfig=config,
            FunctionCode=str(inputs["code"]).encode(),
            Tags={"Items": tag_list(inputs.get("tagsAll", {}))},
        )
        return str(inputs["name"])

    def read(self, region: Region, id_: str, known: Props) -> Props | None:  # noqa: ARG002
        """Read settings, code and tags."""
        client = region.client("cloudfront")
        answer = client.describe_function(Name=id_)
        found = answer["FunctionSummary"]
        arn = found["FunctionMetadata"]["FunctionARN"]
        return {
            "id": id_,
            "name": id_,
            "arn": arn,
            "code": client.get_function(Name=id_)["FunctionCode"].read().decode(),
            "comment": found["FunctionConfig"].get("Comment"),
            "runtime": found["FunctionConfig"]["Runtime"],
            "etag": answer["ETag"],
            "liveStageEtag": answer["ETag"],
            "status": found["Status"],
            "tags": tag_map(client.list_tags_for_resource(Resource=arn)["Tags"].get("Items", [])),
        }

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:
        """Retag, and make it anew when more than its tags changed."""
        client = region.client("cloudfront")
        if "tagsAll" in changed:
            _retag(client, id_, new.get("tagsAll", {}))
        if set(changed) - {"tags", "tagsAll"}:
            self.delete(region, id_, new)
            self.create(region, new)

    def delete(self, region: Region, id_: str, state: Props) -> None:  # noqa: ARG002
        """Delete the function."""
        client = region.client("cloudfront")
        client.delete_function(Name=id_, IfMatch=client.describe_function(Name=id_)["ETag"])

    def unknown_after(self, changed: Collection[str], new: Props) -> tuple[str, ...]:  # noqa: ARG002
        """Name what a new revision gives."""
        return _DECIDED if set(changed) - {"tags", "tagsAll"} else ()


RESOURCES: tuple[Resource, ...] = (Function(),)


def _retag(client: Any, name: str, wanted: dict[str, str]) -> None:  # noqa: ANN401  (boto3)
    arn = client.describe_function(Name=name)["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    present = tag_map(client.list_tags_for_resource(Resource=arn)["Tags"].get("Items", []))
    surplus = sorted(set(present) - set(wanted))
    if surplus:
        client.untag_resource(Resource=arn, TagKeys={"Items": surplus})
    if wanted:
        client.tag_resource(Resource=arn, Tags={"Items": tag_list(wanted)})
