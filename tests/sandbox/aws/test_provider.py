"""What the stand-in does with a resource of any type, and with what is none."""
# ruff: noqa: D103  (the tests are named by what they say)

from __future__ import annotations

import json

import pytest
from pulumi.runtime.proto import provider_pb2

from sandbox.aws.wire import SECRET, SIGNATURE, Props, decode, encode
from tests.sandbox.aws.cases import QUEUE
from tests.sandbox.aws.engine import AbortedError, Call, Engine, urn


def test_a_queue_of_the_same_name_and_other_attributes_is_refused(engine) -> None:
    engine.create(QUEUE, {"name": "jobs", "visibilityTimeoutSeconds": 60})
    with pytest.raises(AbortedError, match="QueueAlreadyExists"):
        engine.create(QUEUE, {"name": "jobs", "visibilityTimeoutSeconds": 61})


def test_default_tags_of_the_provider_reach_aws(aws) -> None:
    engine = Engine({"defaultTags": json.dumps({"tags": {"managed-by": "pulumi", "team": "none"}})})
    made = engine.create(QUEUE, {"name": "jobs", "tags": {"team": "a"}})
    assert made.state["tags"] == {"team": "a"}
    assert made.state["tagsAll"] == {"team": "a", "managed-by": "pulumi"}
    assert aws("sqs").list_queue_tags(QueueUrl=made.id)["Tags"] == made.state["tagsAll"]
    assert engine.read(made).inputs == made.inputs
    assert set(Engine().diff(made, {"name": "jobs", "tags": {"team": "a"}}).diffs) == {"tagsAll"}


def test_a_resource_may_live_in_another_region(engine) -> None:
    made = engine.create(QUEUE, {"name": "jobs", "region": "us-east-1"})
    assert ":us-east-1:" in made.state["arn"]
    assert list(engine.diff(made, {"name": "jobs"}).replaces) == ["region"]


def test_a_name_is_generated_once(engine) -> None:
    made = engine.create(QUEUE, {})
    assert made.inputs["name"].startswith("thing-")
    assert len(made.inputs["name"]) == len("thing-") + 7
    assert not engine.diff(made, {}).diffs
    assert engine.create(QUEUE, {"namePrefix": "jobs-"}).inputs["name"].startswith("jobs-")


def test_secrets_are_unwrapped(engine) -> None:
    secret = {SIGNATURE: SECRET, "value": "jobs"}
    assert engine.create(QUEUE, {"name": secret}).state["name"] == "jobs"


def test_an_unknown_type_is_refused_with_what_is_known(engine) -> None:
    with pytest.raises(
        AbortedError, match=r"aws:ec2/instance:Instance: no such resource type.*aws:iam/role:Role.*official"
    ):
        engine.check("aws:ec2/instance:Instance", {})


def test_an_unknown_property_is_refused(engine) -> None:
    answer = engine.provider.Check(provider_pb2.CheckRequest(urn=urn(QUEUE), news=encode({"nmae": "x"})), Call())
    assert [failure.property for failure in answer.failures] == ["nmae"]


def test_without_an_endpoint_it_refuses_to_start(aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    with pytest.raises(AbortedError, match="AWS_ENDPOINT_URL is not set"):
        Engine()


def test_who_and_where(engine) -> None:
    def ask(token: str) -> Props:
        return decode(getattr(engine.provider.Invoke(provider_pb2.InvokeRequest(tok=token), Call()), "return"))

    assert ask("aws:index/getCallerIdentity:getCallerIdentity")["accountId"] == "123456789012"
    assert ask("aws:index/getRegion:getRegion")["region"] == "eu-west-1"
    with pytest.raises(AbortedError, match="no such function"):
        ask("aws:index/getPartition:getPartition")
