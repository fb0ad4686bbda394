"""SQS: queues and their access policies."""

from __future__ import annotations

from collections.abc import Collection

from sandbox.aws.cloud import Region
from sandbox.aws.resource import TAGS, Field, Resource, as_json, document
from sandbox.aws.wire import Props

_ATTRIBUTES = {
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "deduplicationScope": "DeduplicationScope",
    "delaySeconds": "DelaySeconds",
    "fifoQueue": "FifoQueue",
    "fifoThroughputLimit": "FifoThroughputLimit",
    "kmsDataKeyReusePeriodSeconds": "KmsDataKeyReusePeriodSeconds",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "maxMessageSize": "MaximumMessageSize",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "policy": "Policy",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "redriveAllowPolicy": "RedriveAllowPolicy",
    "redrivePolicy": "RedrivePolicy",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}


class Queue(Resource):
    """Id and import: the queue's URL."""

    type_name = "aws:sqs/queue:Queue"
    fields = {
        "contentBasedDeduplication": Field(False),
        "deduplicationScope": Field(computed=True),
        "delaySeconds": Field(0),
        "fifoQueue": Field(False, replaces=True),
        "fifoThroughputLimit": Field(computed=True),
        "kmsDataKeyReusePeriodSeconds": Field(computed=True),
        "kmsMasterKeyId": Field(),
        "maxMessageSize": Field(computed=True),
        "messageRetentionSeconds": Field(345600),
        "name": Field(replaces=True),
        "namePrefix": Field(replaces=True, unread=True),
        "policy": Field(computed=True, alike=document),
        "receiveWaitTimeSeconds": Field(0),
        "redriveAllowPolicy": Field(computed=True, alike=document),
        "redrivePolicy": Field(alike=document),
        "sqsManagedSseEnabled": Field(computed=True),
        "visibilityTimeoutSeconds": Field(30),
        **TAGS,
    }
    outputs = ("arn", "url")

    def create(self, region: Region, inputs: Props) -> str:
        """Create the queue; in AWS the same queue with the same attributes is no conflict."""
        attributes = {name: _written(inputs[key]) for key, name in _ATTRIBUTES.items() if key in inputs}
        answer = region.client("sqs").create_queue(
            QueueName=inputs["name"],
            Attributes={key: value for key, value in attributes.items() if (key, value) != ("FifoQueue", "false")},
            tags=inputs.get("tagsAll", {}),
        )
        return str(answer["QueueUrl"])

    def read(self, region: Region, id_: str, known: Props) -> Props | None:  # noqa: ARG002
        """Read attributes and tags."""
        sqs = region.client("sqs")
        attributes = sqs.get_queue_attributes(QueueUrl=id_, AttributeNames=["All"])["Attributes"]
        arn = attributes["QueueArn"]
        state = {key: _parsed(self.fields[key], attributes.get(name)) for key, name in _ATTRIBUTES.items()}
        tags = sqs.list_queue_tags(QueueUrl=id_).get("Tags", {})
        return {**state, "id": id_, "url": id_, "arn": arn, "name": arn.split(":")[-1], "tags": tags}

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:
        """Set the changed attributes and tags."""
        sqs = region.client("sqs")
        wanted = {key: new.get(key, self.fields[key].default) for key in changed if key in _ATTRIBUTES}
        if wanted:
            attributes = {_ATTRIBUTES[key]: _written(value) for key, value in wanted.items()}
            sqs.set_queue_attributes(QueueUrl=id_, Attributes=attributes)
        if "tagsAll" in changed:
            tags = new.get("tagsAll", {})
            surplus = set(sqs.list_queue_tags(QueueUrl=id_).get("Tags", {})) - set(tags)
            if surplus:
                sqs.untag_queue(QueueUrl=id_, TagKeys=sorted(surplus))
            sqs.tag_queue(QueueUrl=id_, Tags=tags)

    def delete(self, region: Region, id_: str, state: Props) -> None:  # noqa: ARG002
        """Delete the queue."""
        region.client("sqs").delete_queue(QueueUrl=id_)


class QueuePolicy(Resource):
    """Id and import: the queue's URL."""

    type_name = "aws:sqs/queuePolicy:QueuePolicy"
    named = None
    identity = ("queueUrl",)
    fields = {"policy": Field(alike=document), "queueUrl": Field(replaces=True)}

    def create(self, region: Region, inputs: Props) -> str:
        """Set the queue's policy; in AWS this overwrites the one before."""
        self._set(region, inputs["queueUrl"], as_json(inputs["policy"]))
        return str(inputs["queueUrl"])

    def read(self, region: Region, id_: str, known: Props) -> Props | None:  # noqa: ARG002
        """Read the queue's policy."""
        answer = region.client("sqs").get_queue_attributes(QueueUrl=id_, AttributeNames=["Policy"])
        policy = answer.get("Attributes", {}).get("Policy")
        return {"id": id_, "queueUrl": id_, "policy": policy} if policy else None

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:  # noqa: ARG002
        """Set the policy again."""
        self._set(region, id_, as_json(new["policy"]))

    def delete(self, region: Region, id_: str, state: Props) -> None:  # noqa: ARG002
        """Leave the queue without a policy."""
        self._set(region, id_, "")

    def _set(self, region: Region, url: str, policy: str) -> None:
        region.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


RESOURCES: tuple[Resource, ...] = (Queue(), QueuePolicy())


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(as_json(value))


def _parsed(field: Field, value: str | None) -> object:
    if value in (None, ""):
        return None
    if value in ("true", "false"):
        return value == "true"
    return int(value) if value and value.isdigit() and field.alike is not document else value
