"""S3: buckets, what they notify, and their public access block."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from botocore.exceptions import ClientError

from sandbox.aws.casing import tag_list, tag_map
from sandbox.aws.cloud import Region
from sandbox.aws.resource import TAGS, Field, RefusedError, Resource
from sandbox.aws.wire import Props


class Bucket(Resource):
    """Id and import: the bucket's name."""

    type_name = "aws:s3/bucket:Bucket"
    named = "bucket"
    identity = ("bucket",)
    fields = {
        "bucket": Field(replaces=True),
        "bucketPrefix": Field(replaces=True, unread=True),
        "forceDestroy": Field(unread=True),
        "objectLockEnabled": Field(False, replaces=True, unread=True),
        **TAGS,
    }
    outputs = ("arn", "bucketDomainName", "bucketRegion", "bucketRegionalDomainName", "hostedZoneId")

    def create(self, region: Region, inputs: Props) -> str:
        """Create the bucket; one that is there already is refused, also where S3 itself would shrug (us-east-1)."""
        s3 = region.client("s3")
        name = str(inputs["bucket"])
        if _exists(s3, name):
            raise RefusedError(f"BucketAlreadyOwnedByYou: bucket {name} already exists")
        place = {} if region.name == "us-east-1" else {"LocationConstraint": region.name}
        configuration = {"CreateBucketConfiguration": place} if place else {}
        s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=bool(inputs.get("objectLockEnabled")), **configuration)
        if inputs.get("tagsAll"):
            s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tag_list(inputs["tagsAll"])})
        return name

    def read(self, region: Region, id_: str, known: Props) -> Props | None:  # noqa: ARG002
        """Read place and tags."""
        s3 = region.client("s3")
        place = s3.get_bucket_location(Bucket=id_)["LocationConstraint"] or "us-east-1"
        return {
            "id": id_,
            "bucket": id_,
            "arn": f"arn:aws:s3:::{id_}",
            "bucketDomainName": f"{id_}.s3.amazonaws.com",
            "bucketRegion": place,
            "bucketRegionalDomainName": f"{id_}.s3.{place}.amazonaws.com",
            "hostedZoneId": "Z3AQBSTGFYJSTF",
            "tags": _tags(s3, id_),
        }

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:
        """Replace the set of tags; nothing else of a bucket changes in place."""
        if "tagsAll" not in changed:
            return
        if new.get("tagsAll"):
            region.client("s3").put_bucket_tagging(Bucket=id_, Tagging={"TagSet": tag_list(new["tagsAll"])})
        else:
            region.client("s3").delete_bucket_tagging(Bucket=id_)

    def delete(self, region: Region, id_: str, state: Props) -> None:
        """Delete the bucket; with `forceDestroy` its objects first."""
        s3 = region.client("s3")
        if state.get("forceDestroy"):
            for page in s3.get_paginator("list_object_versions").paginate(Bucket=id_):
                for entry in page.get("Versions", []) + page.get("DeleteMarkers", []):
                    s3.delete_object(Bucket=id_, Key=entry["Key"], VersionId=entry["VersionId"])
        s3.delete_bucket(Bucket=id_)


class BucketNotification(Resource):
    """Id and import: the bucket's name."""

    type_name = "aws:s3/bucketNotification:BucketNotification"
    named = None
    identity = ("bucket",)
    fields = {
        "bucket": Field(replaces=True),
        "eventbridge": Field(False, unread=True),  # moto keeps it to itself
        "lambdaFunctions": Field(),
        "queues": Field(),
        "topics": Field(),
    }
    _KINDS = {
        "lambdaFunctions": ("LambdaFunctionConfigurations", "lambdaFunctionArn", "LambdaFunctionArn"),
        "queues": ("QueueConfigurations", "queueArn", "QueueArn"),
        "topics": ("TopicConfigurations", "topicArn", "TopicArn"),
    }

    def create(self, region: Region, inputs: Props) -> str:
        """Set all notifications of the bucket."""
        wanted: Props = {"EventBridgeConfiguration": {}} if inputs.get("eventbridge") else {}
        for key, (group, ours, theirs) in self._KINDS.items():
            if inputs.get(key):
                wanted[group] = [_notification(item, ours, theirs) for item in inputs[key]]
        region.client("s3").put_bucket_notification_configuration(
            Bucket=inputs["bucket"], NotificationConfiguration=wanted
        )
        return str(inputs["bucket"])

    def read(self, region: Region, id_: str, known: Props) -> Props | None:
        """Read the notifications; ids that AWS chose are left out where the program gave none."""
        answer = region.client("s3").get_bucket_notification_configuration(Bucket=id_)
        state: Props = {"id": id_, "bucket": id_}
        for key, (group, ours, theirs) in self._KINDS.items():
            given = known.get(key) or []
            found = [_state(item, ours, theirs) for item in answer.get(group, [])]
            state[key] = [_without_chosen_id(item, given) for item in found]
        lost = any(known.get(key) for key in self._KINDS) and not any(state[key] for key in self._KINDS)
        return None if lost else state

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:  # noqa: ARG002
        """Set all notifications again."""
        self.create(region, new)

    def delete(self, region: Region, id_: str, state: Props) -> None:  # noqa: ARG002
        """Leave the bucket without notifications."""
        region.client("s3").put_bucket_notification_configuration(Bucket=id_, NotificationConfiguration={})


class BucketPublicAccessBlock(Resource):
    """Id and import: the bucket's name."""

    type_name = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
    named = None
    identity = ("bucket",)
    fields = {
        "blockPublicAcls": Field(False),
        "blockPublicPolicy": Field(False),
        "bucket": Field(replaces=True),
        "ignorePublicAcls": Field(False),
        "restrictPublicBuckets": Field(False),
        "skipDestroy": Field(unread=True),
    }
    _SWITCHES = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")

    def create(self, region: Region, inputs: Props) -> str:
        """Set the four switches."""
        switches = {key[0].upper() + key[1:]: bool(inputs.get(key)) for key in self._SWITCHES}
        region.client("s3").put_public_access_block(Bucket=inputs["bucket"], PublicAccessBlockConfiguration=switches)
        return str(inputs["bucket"])

    def read(self, region: Region, id_: str, known: Props) -> Props | None:  # noqa: ARG002
        """Read the four switches."""
        block = region.client("s3").get_public_access_block(Bucket=id_)["PublicAccessBlockConfiguration"]
        switches = {key: bool(block.get(key[0].upper() + key[1:])) for key in self._SWITCHES}
        return {**switches, "id": id_, "bucket": id_}

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:  # noqa: ARG002
        """Set the switches again."""
        self.create(region, new)

    def delete(self, region: Region, id_: str, state: Props) -> None:
        """Remove the block, unless it is to be kept."""
        if not state.get("skipDestroy"):
            region.client("s3").delete_public_access_block(Bucket=id_)


RESOURCES: tuple[Resource, ...] = (Bucket(), BucketNotification(), BucketPublicAccessBlock())


def _exists(s3: Any, name: str) -> bool:  # noqa: ANN401  (boto3)
    return any(bucket["Name"] == name for bucket in s3.list_buckets()["Buckets"])


def _tags(s3: Any, name: str) -> dict[str, str]:  # noqa: ANN401  (boto3)
    try:
        return tag_map(s3.get_bucket_tagging(Bucket=name)["TagSet"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchTagSet":
            return {}
        raise


def _notification(item: Props, ours: str, theirs: str) -> Props:
    names = {"prefix": item.get("filterPrefix"), "suffix": item.get("filterSuffix")}
    rules = [{"Name": name, "Value": value} for name, value in names.items() if value]
    notification = {theirs: item[ours], "Events": item["events"], "Id": item.get("id")}
    filters = {"Filter": {"Key": {"FilterRules": rules}}} if rules else {}
    return {key: value for key, value in notification.items() if value is not None} | filters


def _state(item: Props, ours: str, theirs: str) -> Props:
    rules = item.get("Filter", {}).get("Key", {}).get("FilterRules", [])
    filters = {f"filter{rule['Name'].capitalize()}": rule["Value"] for rule in rules}
    return {ours: item[theirs], "events": item["Events"], "id": item.get("Id"), **filters}


def _without_chosen_id(item: Props, given: list[Props]) -> Props:
    if any(entry.get("id") == item["id"] for entry in given):
        return item
    return {key: value for key, value in item.items() if key != "id"}
