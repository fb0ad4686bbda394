"""EventBridge: rules and their targets."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sandbox.aws.casing import camel, pascal, tag_list, tag_map
from sandbox.aws.cloud import Region
from sandbox.aws.resource import TAGS, Field, Resource, document
from sandbox.aws.wire import Props

_BUS = "default"


class EventRule(Resource):
    """Id and import: the rule's name, with `bus/` before it on a bus other than the default one."""

    type_name = "aws:cloudwatch/eventRule:EventRule"
    identity = ("eventBusName", "name")
    fields = {
        "description": Field(),
        "eventBusName": Field(_BUS, replaces=True),
        "eventPattern": Field(alike=document),
        "forceDestroy": Field(unread=True),
        "name": Field(replaces=True),
        "namePrefix": Field(replaces=True, unread=True),
        "roleArn": Field(),
        "scheduleExpression": Field(),
        "state": Field("ENABLED"),
        **TAGS,
    }
    outputs = ("arn",)

    def create(self, region: Region, inputs: Props) -> str:
        """Put the rule; in AWS this overwrites one of the same name."""
        events = region.client("events")
        arn = events.put_rule(**_rule(inputs))["RuleArn"]
        if inputs.get("tagsAll"):
            events.tag_resource(ResourceARN=arn, Tags=tag_list(inputs["tagsAll"]))
        bus = inputs.get("eventBusName", _BUS)
        return str(inputs["name"]) if bus == _BUS else f"{bus}/{inputs['name']}"

    def read(self, region: Region, id_: str, known: Props) -> Props | None:  # noqa: ARG002
        """Read the rule and its tags."""
        events = region.client("events")
        bus, name = _split(id_)
        rule = events.describe_rule(Name=name, EventBusName=bus)
        keys = ("Description", "EventBusName", "EventPattern", "RoleArn", "ScheduleExpression", "State")
        tags = events.list_tags_for_resource(ResourceARN=rule["Arn"]).get("Tags", [])
        state = camel({key: rule.get(key) for key in keys})
        return {**state, "id": id_, "name": name, "arn": rule["Arn"], "tags": tag_map(tags)}

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:
        """Put the rule again, and its tags."""
        events = region.client("events")
        arn = events.put_rule(**_rule(new))["RuleArn"]
        if "tagsAll" in changed:
            present = (self.read(region, id_, new) or {}).get("tags", {})
            events.untag_resource(ResourceARN=arn, TagKeys=sorted(set(present) - set(new.get("tagsAll", {}))))
            events.tag_resource(ResourceARN=arn, Tags=tag_list(new.get("tagsAll", {})))

    def delete(self, region: Region, id_: str, state: Props) -> None:
        """Delete the rule; with `forceDestroy` also a rule that AWS manages."""
        bus, name = _split(id_)
        region.client("events").delete_rule(Name=name, EventBusName=bus, Force=bool(state.get("forceDestroy")))


class EventTarget(Resource):
    """Id: `rule-target`; import: `rule/target`; with the bus before it when it is not the default one."""

    type_name = "aws:cloudwatch/eventTarget:EventTarget"
    named = "targetId"
    identity = ("eventBusName", "rule", "targetId")
    fields = {
        "arn": Field(),
        "deadLetterConfig": Field(),
        "eventBusName": Field(_BUS, replaces=True),
        "forceDestroy": Field(unread=True),
        "input": Field(alike=document),
        "inputPath": Field(),
        "inputTransformer": Field(),
        "retryPolicy": Field(),
        "roleArn": Field(),
        "rule": Field(replaces=True),
        "sqsTarget": Field(),
        "targetId": Field(replaces=True),
    }

    def create(self, region: Region, inputs: Props) -> str:
        """Put the target; in AWS this overwrites one of the same id."""
        answer = region.client("events").put_targets(**_address(inputs), Targets=[_target(inputs)])
        if answer.get("FailedEntryCount"):
            raise RuntimeError(f"target {inputs['targetId']}: {answer['FailedEntries']}")
        parts = [inputs["rule"], inputs["targetId"]]
        bus = inputs.get("eventBusName", _BUS)
        return "-".join(parts if bus == _BUS else [bus, *parts])

    def read(self, region: Region, id_: str, known: Props) -> Props | None:
        """Find the target among those of its rule."""
        known = known if known.get("rule") else _located(id_)
        pages = region.client("events").get_paginator("list_targets_by_rule").paginate(**_address(known))
        for target in (target for page in pages for target in page["Targets"]):
            if target["Id"] == known["targetId"]:
                return {**_state(target), "id": id_.replace("/", "-"), **_key(known)}
        return None

    def update(self, region: Region, id_: str, new: Props, changed: Collection[str]) -> None:  # noqa: ARG002
        """Put the target again."""
        self.create(region, new)

    def delete(self, region: Region, id_: str, state: Props) -> None:
        """Remove the target from its rule."""
        state = state if state.get("rule") else _located(id_)
        region.client("events").remove_targets(**_address(state), Ids=[state["targetId"]])


RESOURCES: tuple[Resource, ...] = (EventRule(), EventTarget())


def _split(id_: str) -> tuple[str, str]:
    bus, _, name = id_.rpartition("/")
    return bus or _BUS, name


def _located(id_: str) -> Props:
    rule, _, target = id_.rpartition("/")
    bus, name = _split(rule)
    return {"eventBusName": bus, "rule": name, "targetId": target}


def _key(props: Props) -> Props:
    bus = props.get("eventBusName", _BUS)
    return {"eventBusName": bus, "rule": props["rule"], "targetId": props["targetId"]}


def _address(props: Props) -> Props:
    return {"Rule": props["rule"], "EventBusName": props.get("eventBusName", _BUS)}


def _rule(inputs: Props) -> Props:
    keys = ("name", "description", "eventBusName", "eventPattern", "roleArn", "scheduleExpression", "state")
    rule: Props = pascal({key: inputs[key] for key in keys if inputs.get(key) is not None})
    return rule


# Where the keys differ by more than their case.
_TRANSFORMER = {"inputPaths": "InputPathsMap", "inputTemplate": "InputTemplate"}


def _target(inputs: Props) -> Props:
    keys = ("arn", "deadLetterConfig", "input", "inputPath", "retryPolicy", "roleArn")
    target: Props = pascal({key: inputs[key] for key in keys if inputs.get(key) is not None})
    if inputs.get("inputTransformer"):
        target["InputTransformer"] = {_TRANSFORMER[key]: value for key, value in inputs["inputTransformer"].items()}
    if inputs.get("sqsTarget"):
        target["SqsParameters"] = pascal(inputs["sqsTarget"])
    return {**target, "Id": inputs["targetId"]}


def _state(target: Props) -> Props:
    keys = ("Arn", "DeadLetterConfig", "Input", "InputPath", "RetryPolicy", "RoleArn")
    state: Props = camel({key: target.get(key) for key in keys})
    transformer: dict[str, Any] = target.get("InputTransformer", {})
    state["inputTransformer"] = {key: transformer.get(name) for key, name in _TRANSFORMER.items()}
    return {**state, "sqsTarget": camel(target.get("SqsParameters"))}
