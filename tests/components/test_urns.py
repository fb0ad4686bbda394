"""The names that outlive every release: a change here replaces resources of everybody."""

from syrupy.assertion import SnapshotAssertion

from tests.components.catalogs import child, cluster
from tests.components.conftest import Deploy

TWO = (cluster("eu-1"), cluster("us-1", "us-east-1"))
TRIGGERS = {
    "queue": {"name": "q"}, "bucket": {"name": "b"},
    "schedule": {"expression": "rate(1 day)"}, "url": {"authorization": "NONE"},
}  # fmt: skip
STREAMS = {
    "source": {"connector": "kinesis", "version": "1.0.0", "stream": "clicks"},
    "sink": {"connector": "kinesis", "version": "1.0.0", "stream": "sessions", "partition_key": "$.user"},
}
HOURLY = {
    "source": {"connector": "schedule", "version": "1.0.0", "expression": "rate(1 hour)"},
    "sink": {"connector": "function", "version": "1.0.0", "function": "mailer"},
}
EDGE_LAMBDA = {
    "runtime": "lambda-edge", "code": "code", "event": "origin-request", "language": "python3.13",
    "handler": "handler.handle",
}  # fmt: skip
FULL = {
    "ports": [{"port": 80}], "ingress": {"host": "cart.example.org"}, "config": {"A": "b"},
}  # fmt: skip

ONE = {"target": {"clusters": {"name": "eu-1"}}}
DELEGATED = (
    child("way", "route", needs=["cart"], profile={"hosts": ["way.example.org"]}, **ONE),
    child("net", "mesh", needs=["cart"], **ONE),
    child("few", "policy", spec={"parameters": {"most": "4"}}, **ONE),
    child("loyalty", "argocd-application", **ONE),
    child("points", "flux-kustomization", **ONE),
    child("tables", "stack", **ONE),
    child("otel", "observability", needs=["cart"], spec={"scrape": ["cart"]}, **ONE),
)


def test_urns(deploy: Deploy, snapshot: SnapshotAssertion) -> None:
    """Every URN of a catalog with every kind of child and resource, in two clusters."""
    secret = {"variable": "S", "external_secret": {"store": "vault", "key": "k"}}
    role = [{"actions": ["sqs:SendMessage"], "resources": ["queue:q"]}]
    scaling = {"autoscaling": {"minimum": 2, "maximum": 3}}
    engine = deploy(
        child("cart", spec=FULL, profile=scaling, secrets=[secret], cloud_identity=role, needs=["db"]),
        child("db", spec={"controller": "StatefulSet"}, target={"clusters": {"name": "eu-1"}}),
        child("agent", spec={"controller": "DaemonSet"}, target={"clusters": {"name": "eu-1"}}),
        child("schema", "job", target={"clusters": {"name": "eu-1"}}),
        child("report", "cron-job", target={"clusters": {"name": "eu-1"}}),
        child("mailer", "function", spec={"triggers": TRIGGERS}, target={"clusters": {"name": "eu-1"}}),
        child("paths", "edge-function", target={"clusters": {"name": "eu-1"}}),
        child("geo", "edge-function", spec=EDGE_LAMBDA, target={"clusters": {"name": "eu-1"}}),
        child("feed", "pipeline", target={"clusters": {"name": "eu-1"}}),
        child("clicks", "pipeline", spec=STREAMS, target={"clusters": {"name": "eu-1"}}),
        child("hourly", "pipeline", spec=HOURLY, target={"clusters": {"name": "eu-1"}}),
        *DELEGATED,
        child("page", "manifests", target={"clusters": {"name": "eu-1"}}),
        child("overlay", "kustomize", target={"clusters": {"name": "eu-1"}}),
        child("chart", "helm", target={"clusters": {"name": "eu-1"}}),
        child("release", "helm", spec={"engine": "release"}, target={"clusters": {"name": "eu-1"}}),
        clusters=TWO,
    )

    assert sorted(each.urn.removeprefix("urn:pulumi:test::app-of-apps::") for each in engine.registered.values()) == (
        snapshot
    )
