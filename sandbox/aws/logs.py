"""CloudWatch Logs: log groups."""

from __future__ import annotations

from collections.abc import Collection

from sandbox.aws.cloud import Region
from sandbox.aws.resource import TAGS, Field, Resource
from sandbox.aws.wire import Props


class LogGroup(Resource):
    """Id and import: the group's name."""

    type_name = "aws:cloudwatch/logGroup:LogGroup"
    fields = {
        "deletionProtectionEnabled": Field(unread=True),
        "kmsKeyId": Field(),
        "logGroupClass": Field("STANDARD", replaces=True, unread=True),
        "name": Field(replaces=True),
        "namePrefix": Field(replaces=True, unread=True),
        "retentionInDays": Field(0),
        "skipDestroy": Field(unread=True),
        **TAGS,
    }
    outputs = ("arn",)

    def create(self, region: Region, inputs: Props) -> str:
        """Create the group, then set its retention."""
        optional = {"kmsKeyId": inputs.get("kmsKeyId"), "tags": inputs.get("tagsAll")}
        region.client("logs").create_log_group(
            logGroupName=inputs["name"], **{key: value for key, value in optional.items() if value}
        )
        if inputs.get("retentionInDays"):
            self._retain(region, inputs["name"], inputs["retentionInDays"])
        return str(inputs["name"])

    def read(self, region: Region, id_: str, known: Props) -> Props | None:  # noqa: ARG002
        """Find the group among those its name is a prefix of."""
        logs = region.client("logs")
        pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=id_)
        for group in (group for page in pages for group in page["logGroups"]):
            if group["logGroupName"] == id_:
                arn = group["arn"].removesuffix(":*")
                tags = logs.list_tags_for_resource(resourceArn=arn)["tags"]
                retention = group.get("retentionInDays", 0)
                kms = group.get("kmsKeyId")
                return {"id": id_, "name": id_, "arn": arn, "retentionInDays": retention, "kmsKeyId": kms, "tags": tags}
        return None

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:
        """Update retention, key and tags."""
        logs = region.client("logs")
        if "retentionInDays" in changed:
            self._retain(region, id_, new.get("retentionInDays", 0))
        if "kmsKeyId" in changed and new.get("kmsKeyId"):
            logs.associate_kms_key(logGroupName=id_, kmsKeyId=new["kmsKeyId"])
        elif "kmsKeyId" in changed:
            logs.disassociate_kms_key(logGroupName=id_)
        if "tagsAll" in changed:
            self._retag(region, id_, new.get("tagsAll", {}))

    def delete(self, region: Region, id_: str, state: Props) -> None:
        """Delete the group, unless it is to be kept."""
        if not state.get("skipDestroy"):
            region.client("logs").delete_log_group(logGroupName=id_)

    def _retain(self, region: Region, name: str, days: int) -> None:
        if days:
            region.client("logs").put_retention_policy(logGroupName=name, retentionInDays=days)
        else:
            region.client("logs").delete_retention_policy(logGroupName=name)

    def _retag(self, region: Region, name: str, wanted: dict[str, str]) -> None:
        logs = region.client("logs")
        group = self.read(region, name, {}) or {}
        surplus = sorted(set(group["tags"]) - set(wanted))
        if surplus:
            logs.untag_resource(resourceArn=group["arn"], tagKeys=surplus)
        logs.tag_resource(resourceArn=group["arn"], tags=wanted)


RESOURCES: tuple[Resource, ...] = (LogGroup(),)
