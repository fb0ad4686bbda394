"""Kinesis: data streams."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sandbox.aws.casing import camel, pascal, tag_map
from sandbox.aws.cloud import Region
from sandbox.aws.resource import TAGS, Field, Resource
from sandbox.aws.wire import Props


class Stream(Resource):
    """Id: the stream's ARN; import: its name."""

    type_name = "aws:kinesis/stream:Stream"
    fields = {
        "encryptionType": Field("NONE"),
        "enforceConsumerDeletion": Field(unread=True),
        "kmsKeyId": Field(),
        "name": Field(replaces=True),
        "retentionPeriod": Field(24),
        "shardCount": Field(computed=True),
        "streamModeDetails": Field({"streamMode": "PROVISIONED"}),
        **TAGS,
    }
    outputs = ("arn",)

    def create(self, region: Region, inputs: Props) -> str:
        """Create the stream, then set what CreateStream does not take."""
        client, name = region.client("kinesis"), inputs["name"]
        mode = pascal(inputs.get("streamModeDetails") or self.fields["streamModeDetails"].default)
        shards = {"ShardCount": inputs["shardCount"]} if inputs.get("shardCount") else {}
        client.create_stream(StreamName=name, StreamModeDetails=mode, **shards)
        client.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
        self._retain(client, name, inputs.get("retentionPeriod", 24))
        if inputs.get("encryptionType", "NONE") != "NONE":
            client.start_stream_encryption(StreamName=name, EncryptionType="KMS", KeyId=inputs["kmsKeyId"])
        if inputs.get("tagsAll"):
            client.add_tags_to_stream(StreamName=name, Tags=inputs["tagsAll"])
        return str(client.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]["StreamARN"])

    def read(self, region: Region, id_: str, known: Props) -> Props | None:  # noqa: ARG002
        """Read the stream and its tags."""
        client, name = region.client("kinesis"), id_.rpartition("/")[2]
        found = client.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]
        return {
            "id": found["StreamARN"],
            "arn": found["StreamARN"],
            "name": name,
            "encryptionType": found.get("EncryptionType"),
            "kmsKeyId": found.get("KeyId"),
            "retentionPeriod": found["RetentionPeriodHours"],
            "shardCount": found["OpenShardCount"],
            "streamModeDetails": camel(found.get("StreamModeDetails")),
            "tags": tag_map(client.list_tags_for_stream(StreamName=name)["Tags"]),
        }

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:
        """Update mode, retention, encryption and tags; each has calls of its own."""
        client, name = region.client("kinesis"), id_.rpartition("/")[2]
        if "streamModeDetails" in changed:
            mode = pascal(new.get("streamModeDetails") or self.fields["streamModeDetails"].default)
            client.update_stream_mode(StreamARN=id_, StreamModeDetails=mode)
        if "shardCount" in changed and new.get("shardCount"):
            client.update_shard_count(
                StreamName=name, TargetShardCount=new["shardCount"], ScalingType="UNIFORM_SCALING"
            )
        if "retentionPeriod" in changed:
            self._retain(client, name, new.get("retentionPeriod", 24))
        if {"encryptionType", "kmsKeyId"} & set(changed):
            self._encrypt(client, name, new)
        if "tagsAll" in changed:
            _retag(client, name, new.get("tagsAll", {}))

    def delete(self, region: Region, id_: str, state: Props) -> None:
        """Delete the stream."""
        region.client("kinesis").delete_stream(
            StreamName=id_.rpartition("/")[2], EnforceConsumerDeletion=bool(state.get("enforceConsumerDeletion"))
        )

    def _retain(self, client: Any, name: str, hours: int) -> None:  # noqa: ANN401  (boto3)
        now = client.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]["RetentionPeriodHours"]
        if hours > now:
            client.increase_stream_retention_period(StreamName=name, RetentionPeriodHours=hours)
        elif hours < now:
            client.decrease_stream_retention_period(StreamName=name, RetentionPeriodHours=hours)

    def _encrypt(self, client: Any, name: str, new: Props) -> None:  # noqa: ANN401  (boto3)
        if new.get("encryptionType", "NONE") != "NONE":
            client.start_stream_encryption(StreamName=name, EncryptionType="KMS", KeyId=new["kmsKeyId"])
            return
        key = client.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"].get("KeyId")
        if key:
            client.stop_stream_encryption(StreamName=name, EncryptionType="KMS", KeyId=key)


RESOURCES: tuple[Resource, ...] = (Stream(),)


def _retag(client: Any, name: str, wanted: dict[str, str]) -> None:  # noqa: ANN401  (boto3)
    present = tag_map(client.list_tags_for_stream(StreamName=name)["Tags"])
    surplus = sorted(set(present) - set(wanted))
    if surplus:
        client.remove_tags_from_stream(StreamName=name, TagKeys=surplus)
    if wanted:
        client.add_tags_to_stream(StreamName=name, Tags=wanted)
