"""The engine is killed inside a creation in AWS that only edge functions and pipelines make: the next run finds it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.killing import inside_creation, kill
from tests.e2e.project import Project
from tests.e2e.small_catalog import API, OWNER, function

V = {"version": "1.0.0"}
COMMON = {**API, **V, "owner": OWNER}
DELAY = "120"
"""Seconds the provider keeps a creation to itself; the engine is killed long before."""

Aws = Callable[..., Any]
MADE: dict[str, Callable[[Aws], list[str]]] = {
    "aws:pipes/pipe:Pipe": lambda aws: [pipe["Name"] for pipe in aws("pipes").list_pipes()["Pipes"]],
    "aws:kinesis/stream:Stream": lambda aws: aws("kinesis").list_streams()["StreamNames"],
    "aws:cloudwatch/metricAlarm:MetricAlarm": lambda aws: [
        alarm["AlarmName"] for alarm in aws("cloudwatch").describe_alarms()["MetricAlarms"]
    ],
    "aws:cloudfront/function:Function": lambda aws: [
        found["Name"] for found in aws("cloudfront").list_functions()["FunctionList"].get("Items", [])
    ],
}
"""Names by type, as AWS lists them."""


@pytest.mark.parametrize(("number", "kind"), list(enumerate(MADE)))
def test_what_was_made_and_not_told_is_found(number: int, kind: str, small: Callable[..., Project], aws: Aws) -> None:
    """It is taken into the state, not made twice: the run ends well, and a look at the world finds no difference."""
    stack = f"k6{number}"
    project = small(stack, function("read"))
    project.write("catalog/apps/feed.yaml", pipeline())
    project.write("catalog/apps/paths.yaml", edge_function())
    code = project.root / "catalog/functions/paths/function.js"
    code.parent.mkdir()
    code.write_text("function handler(event) { return event.request; }\n")

    def made() -> bool:
        return any(name.startswith(f"{stack}-") for name in MADE[kind](aws))

    moment = inside_creation(kind, made)
    kill(project, moment, "aoa", "up", "--stack", stack, "--yes", AOA_SANDBOX_AWS_DELAY=f"{kind}={DELAY}")
    project.aoa("up", "--stack", stack, "--yes")
    project.pulumi("preview", "--stack", stack, "--expect-no-changes", "--refresh")
    project.aoa("status", "--stack", stack)
    project.aoa("destroy", "--stack", stack, "--yes")
    assert not made()


def pipeline() -> dict[str, Any]:
    """Return a pipeline from a stream through `read` into a queue."""
    source = {"connector": "kinesis", "stream": "clicks", **V}
    sink = {"connector": "sqs", "queue": "sessions", **V}
    spec = {"source": source, "steps": [{"function": "read"}], "sink": sink}
    return {**COMMON, "kind": "pipeline", "name": "feed", "spec": spec}


def edge_function() -> dict[str, Any]:
    """Return a CloudFront Function."""
    spec = {"runtime": "cloudfront", "code": "functions/paths", "event": "viewer-request"}
    return {**COMMON, "kind": "edge-function", "name": "paths", "spec": spec}
