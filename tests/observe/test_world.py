"""The world over canned APIs: health held against the plan, ownership, clusters out of reach."""

from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from moto import mock_aws

from appofapps.observe import aws
from appofapps.observe.api import JSON, METADATA, Get, NotServedError, UnreachableError
from appofapps.observe.aws_ownership import present as present_in_aws
from appofapps.observe.health import Condition
from appofapps.observe.ownership import NAMESPACE, Claim, present
from appofapps.observe.served import unserved
from appofapps.observe.world import World, visible
from appofapps.plan.plan import Address
from tests.operations.fakes import FakeEngine, catalog, child, session

OURS = {"app.kubernetes.io/managed-by": "app-of-apps"}
CART = Address("cart", "eu-1")


def api(answers: dict[str, list[dict[str, Any]]], down: str = "", unknown: str = "") -> Get:
    """Return the API of a cluster that knows some lists, and one path not at all."""

    def get(path: str, *, selector: str = "", accept: str = JSON) -> dict[str, Any]:
        if down:
            raise UnreachableError(down)
        if unknown and path == unknown:
            raise NotServedError("answers 404 Not Found")
        return {"items": answers.get(path, [])}

    return get


def named(name: str, namespace: str = "", labels: dict[str, str] | None = None) -> dict[str, Any]:
    """Return an object as a list of metadata has it."""
    return {"metadata": {"name": name, "namespace": namespace, "labels": labels or {}}}


def deployment(version: str = "1.0.0", replicas: int = 1) -> dict[str, Any]:
    """Return a Deployment that is through."""
    return {
        "metadata": {
            "name": "dev-cart", "namespace": "dev-cart", "generation": 1,
            "labels": {"app.kubernetes.io/version": version},
        },
        "spec": {"replicas": replicas},
        "status": {
            "observedGeneration": 1, "replicas": replicas, "updatedReplicas": replicas, "availableReplicas": replicas
        },
    }  # fmt: skip


def observed(get: Get) -> tuple[Condition, str]:
    """Look at `cart` in one cluster."""
    planned = session(catalog(child("cart")), FakeEngine()).plan.children
    seen = World(cluster=lambda _: get).observe(planned)[CART]
    return seen.condition, seen.cause


@pytest.mark.parametrize(
    ("get", "condition", "cause"),
    [
        (api({"/apis/apps/v1/deployments": [deployment()]}), Condition.READY, ""),
        (api({"/apis/apps/v1/deployments": [deployment("0.9.0")]}), Condition.NOT_READY, "runs 0.9.0, not 1.0.0"),
        (
            api({"/apis/apps/v1/deployments": [deployment(replicas=0)]}),
            Condition.NOT_READY,
            "scaled to 0, the plan wants 1",
        ),
        (api({}), Condition.MISSING, "not in the cluster"),
        (api({}, down="does not answer"), Condition.UNKNOWN, "eu-1 does not answer"),
        (api({}, unknown="/apis/apps/v1/deployments"), Condition.MISSING, "not in the cluster"),
    ],
)
def test_ready_means_the_wanted_version_observed_ready(get: Get, condition: Condition, cause: str) -> None:
    """Another version, nothing at all, no answer: none is ready."""
    assert observed(get) == (condition, cause)


def test_a_probe_names_the_clusters_out_of_reach() -> None:
    """And says why."""
    world = World(cluster=lambda name: api({}, down="timed out" if name == "us-1" else ""))
    assert world.unreachable(["eu-1", "us-1"]) == {"us-1": "timed out"}


def test_foreign_objects_are_found_and_ours_are_not() -> None:
    """A namespace, and objects within one that exists; with metadata only."""
    get = api(
        {
            "/api/v1/namespaces": [named("dev-cart"), named("dev-web", labels=OURS)],
            "/apis/apps/v1/deployments": [named("web", "dev-web"), named("other", "dev-web", OURS)],
        }
    )
    kind = "apps/v1:Deployment"
    claims = [
        Claim(CART, "eu-1", NAMESPACE, "dev-cart"),
        Claim(CART, "eu-1", NAMESPACE, "dev-web"),
        Claim(CART, "eu-1", kind, "web", "dev-web"),
        Claim(CART, "eu-1", kind, "other", "dev-web"),
        Claim(CART, "eu-1", kind, "new", "dev-web"),
    ]
    assert {str(claim): ours for claim, ours in present(get, claims).items()} == {
        "Namespace dev-cart in eu-1": False,
        "Namespace dev-web in eu-1": True,
        "Deployment dev-web/web in eu-1": False,
        "Deployment dev-web/other in eu-1": True,
    }
    assert METADATA.startswith("application/json;as=PartialObjectMetadataList")


def test_objects_of_the_whole_cluster_are_held_against_their_labels() -> None:
    """A policy that somebody made is not taken over; a type whose definition is not installed holds nothing."""
    policies = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies"
    get = api({policies: [named("dev-few"), named("dev-many", labels=OURS)]},
              unknown="/apis/argoproj.io/v1alpha1/applications")  # fmt: skip
    kind = "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy"
    claims = [
        *(Claim(CART, "eu-1", kind, name) for name in ("dev-few", "dev-many", "dev-new")),
        Claim(CART, "eu-1", "argoproj.io/v1alpha1:Application", "dev-cart", "dev-cart"),
    ]

    assert {str(claim): ours for claim, ours in present(get, claims).items()} == {
        "ValidatingAdmissionPolicy dev-few in eu-1": False,
        "ValidatingAdmissionPolicy dev-many in eu-1": True,
    }


def knowing(answers: Mapping[str, dict[str, Any]]) -> Get:
    """Return a cluster that answers these paths, and knows no other."""

    def get(path: str, *, selector: str = "", accept: str = JSON) -> dict[str, Any]:
        if path not in answers:
            raise NotServedError("answers 404 Not Found")
        return answers[path]

    return get


def test_objects_of_any_type_are_looked_for_by_name() -> None:
    """What people wrote, of whatever kind: a ClusterRole, a custom resource; what is not defined is not there."""
    rbac, sites = "/apis/rbac.authorization.k8s.io/v1", "/apis/example.org/v1"
    get = knowing({
        "/api/v1/namespaces": {"items": [named("dev-cart", labels=OURS)]},
        rbac: {"resources": [{"kind": "ClusterRole", "name": "clusterroles"}]},
        sites: {"resources": [{"kind": "Site", "name": "sites/status"}, {"kind": "Site", "name": "sites"}]},
        f"{rbac}/clusterroles/viewer": named("viewer"),
        f"{sites}/namespaces/dev-cart/sites/main": named("main", "dev-cart", OURS),
    })  # fmt: skip

    role = "rbac.authorization.k8s.io/v1:ClusterRole"
    claims = [
        Claim(CART, "eu-1", role, "viewer"),
        Claim(CART, "eu-1", role, "new"),
        Claim(CART, "eu-1", "example.org/v1:Site", "main", "dev-cart"),
        Claim(CART, "eu-1", "example.org/v1:Other", "main", "dev-cart"),
        Claim(CART, "eu-1", "example.com/v1:Unknown", "main", "dev-cart"),
    ]
    assert all(map(visible, claims))
    assert not visible(Claim(CART, "eu-1", "ec2/vpc:Vpc", "main"))
    assert {str(claim): ours for claim, ours in present(get, claims).items()} == {
        "ClusterRole viewer in eu-1": False,
        "Site dev-cart/main in eu-1": True,
    }


def test_types_are_known_by_their_definitions() -> None:
    """A kind of a group that is there, one that is not, a group that is not; Kubernetes' own nobody asks for."""
    get = knowing({"/apis/example.org/v1": {"resources": [{"kind": "Site", "name": "sites"}]}})

    types = ["apps/v1:Deployment", "v1:Service", "example.org/v1:Site", "example.org/v1:Page", "example.com/v1:Site"]
    assert unserved(get, types) == {"example.org/v1:Page", "example.com/v1:Site"}


@mock_aws
def test_names_in_aws_are_held_against_their_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    """A queue, a role, a rule and a bucket that exist without our tags are taken; tagged ones are ours."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    region, tag = "eu-west-1", {"appofapps:managed-by": "app-of-apps"}

    def client(service: str, where: str) -> Any:
        return boto3.client(service, region_name=where)  # type: ignore[call-overload]

    sqs = client("sqs", region)
    sqs.create_queue(QueueName="dev-foreign")
    sqs.create_queue(QueueName="dev-ours", tags=tag)
    client("iam", region).create_role(RoleName="dev-foreign", AssumeRolePolicyDocument="{}")
    client("events", region).put_rule(Name="dev-foreign", ScheduleExpression="rate(1 day)")
    client("s3", region).create_bucket(Bucket="dev-foreign", CreateBucketConfiguration={"LocationConstraint": region})
    client("logs", region).create_log_group(logGroupName="dev-ours", tags=tag)
    client("cloudfront", region).create_function(
        Name="dev-foreign", FunctionConfig={"Comment": "", "Runtime": "cloudfront-js-2.0"}, FunctionCode=b"x"
    )
    alarm: dict[str, Any] = {
        "Namespace": "n", "MetricName": "m", "Statistic": "Maximum", "Period": 60, "EvaluationPeriods": 1,
        "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold",
    }  # fmt: skip
    client("cloudwatch", region).put_metric_alarm(AlarmName="dev-foreign", **alarm)
    client("kinesis", region).create_stream(StreamName="dev-foreign", ShardCount=1)
    ends = {"Source": "arn:aws:sqs:eu-west-1:123456789012:a", "Target": "arn:aws:sqs:eu-west-1:123456789012:b"}
    role = "arn:aws:iam::123456789012:role/a"
    client("pipes", region).create_pipe(Name="dev-foreign", RoleArn=role, **ends)
    client("pipes", region).create_pipe(Name="dev-ours", RoleArn=role, Tags=tag, **ends)
    types = (
        "cloudwatch/metricAlarm:MetricAlarm", "kinesis/stream:Stream", "pipes/pipe:Pipe",
        "cloudfront/function:Function", "sqs/queue:Queue", "iam/role:Role", "cloudwatch/eventRule:EventRule",
        "s3/bucket:Bucket", "cloudwatch/logGroup:LogGroup", "lambda/function:Function",
    )  # fmt: skip
    claims = [Claim(CART, region, kind, name) for kind in types for name in ("dev-foreign", "dev-ours", "dev-new")]
    found = present_in_aws(client, region, claims)
    assert {(claim.type, claim.name) for claim, ours in found.items() if not ours} == {
        (kind, "dev-foreign") for kind in types[:8]
    }
    things = [aws.Thing(region, kind, "dev-mail") for kind in aws.LOOKS]
    assert {seen.condition for seen in aws.observe(client, things).values()} == {Condition.MISSING}


@pytest.mark.parametrize(
    ("configuration", "cause"),
    [
        ({"State": "Active", "LastUpdateStatus": "Successful"}, ""),
        ({"State": "Failed", "StateReason": "no such role"}, "Failed: no such role"),
        ({"LastUpdateStatus": "Failed", "LastUpdateStatusReason": "bad code"}, "last update Failed: bad code"),
    ],
)
def test_a_function_is_ready_when_it_is_active_and_updated(configuration: dict[str, str], cause: str) -> None:
    """Its tags say the version."""
    seen = aws.health({"Configuration": configuration, "Tags": {"appofapps:version": "1.0.0"}})
    assert (seen.cause, seen.version, seen.ready) == (cause, "1.0.0", not cause)


@mock_aws
def test_an_edge_function_is_ready_when_it_is_published_and_its_stage_says_the_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """CloudFront is asked for the stage LIVE; Lambda for a version beside $LATEST."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)

    def client(service: str, where: str) -> Any:
        return boto3.client(service, region_name=where)  # type: ignore[call-overload]

    client("cloudfront", "us-east-1").create_function(
        Name="paths", FunctionConfig={"Comment": "1.0.0 sha256:1", "Runtime": "cloudfront-js-2.0"}, FunctionCode=b"x"
    )
    trust = client("iam", "us-east-1").create_role(RoleName="edge", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    for name, publish in (("published", True), ("unpublished", False)):
        client("lambda", "us-east-1").create_function(
            FunctionName=name, Role=trust, Runtime="python3.13", Handler="a.b", Code={"ZipFile": b"x"}, Publish=publish
        )

    edge, function = "cloudfront/function:Function", "lambda/function:Function"
    things = [("paths", edge), ("published", function), ("unpublished", function)]
    seen = aws.observe(client, [aws.Thing("us-east-1", kind, name) for name, kind in things])
    assert [(each.condition, each.version) for each in seen.values()] == [
        (Condition.READY, "1.0.0"), (Condition.READY, ""), (Condition.NOT_READY, ""),
    ]  # fmt: skip


@mock_aws
def test_a_pipeline_is_ready_when_every_step_has_a_pipe_that_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is gone, or stopped by hand, is told; pipes of a pipeline with a longer name are not counted."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)

    def client(service: str, where: str) -> Any:
        return boto3.client(service, region_name=where)  # type: ignore[call-overload]

    pipes = client("pipes", "eu-west-1")
    ends = {"Source": "arn:aws:sqs:eu-west-1:123456789012:a", "Target": "arn:aws:sqs:eu-west-1:123456789012:b"}
    tags = {"appofapps:version": "1.0.0", "appofapps:steps": "2"}
    for name in ("feed.read", "feed.price", "feed-2.read"):
        pipes.create_pipe(Name=name, RoleArn="arn:aws:iam::123456789012:role/a", Tags=tags, **ends)

    def look() -> tuple[Condition, str, str]:
        thing = aws.Thing("eu-west-1", "pipes/pipe:Pipe", "feed")
        seen = aws.observe(client, [thing])[thing]
        return seen.condition, seen.cause, seen.version

    assert look() == (Condition.READY, "", "1.0.0")
    pipes.stop_pipe(Name="feed.read")
    assert look()[0] is Condition.NOT_READY
    pipes.start_pipe(Name="feed.read")
    pipes.delete_pipe(Name="feed.price")
    assert look() == (Condition.NOT_READY, "1 of 2 pipes", "1.0.0")


def node(*, ready: str = "True", cordoned: bool = False) -> dict[str, Any]:
    """Return a node."""
    return {"spec": {"unschedulable": cordoned}, "status": {"conditions": [{"type": "Ready", "status": ready}]}}


@pytest.mark.parametrize(
    ("nodes", "down", "why"),
    [
        ([node(ready="False"), node()], "", ""),
        ([node(ready="Unknown"), node(cordoned=True)], "", "none of its 2 nodes is ready for pods"),
        ([], "", "none of its 0 nodes is ready for pods"),
        ([node()], "does not answer: refused", "does not answer: refused"),
    ],
)
def test_a_cluster_takes_children_when_a_node_takes_pods(nodes: list[dict[str, Any]], down: str, why: str) -> None:
    """An API server that answers is not enough to stand in for another cluster."""
    world = World(cluster=lambda _: api({"/api/v1/nodes": nodes}, down))
    assert world.unready("us-1") == why
