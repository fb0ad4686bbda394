"""What of an environment exists, according to the clusters, to AWS, and to the state of its stack."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.e2e.project import Project

KINDS = (
    "namespaces", "resourcequotas", "limitranges", "networkpolicies", "roles", "rolebindings", "serviceaccounts",
    "configmaps", "deployments", "jobs", "services", "horizontalpodautoscalers", "poddisruptionbudgets",
)  # fmt: skip

Aws = Callable[[str], Any]
Thing = tuple[str, str]
"""Kind and name, with the namespace where there is one."""


def in_cluster(project: Project, environment: str) -> set[Thing]:
    """Return the objects of an environment in cluster eu-1; what a controller made is left out."""
    items = project.items("eu-1", ",".join(KINDS), environment)
    return {_object(item) for item in items if not item["metadata"].get("ownerReferences")}


def in_aws(aws: Aws, environment: str) -> list[Thing]:
    """Return what of an environment is in AWS; an event source mapping by the function it invokes."""
    return sorted((kind, name) for kind, name in _in_aws(aws) if name.startswith(f"{environment}-"))


def _in_aws(aws: Aws) -> Iterator[Thing]:
    functions, logs, events = aws("lambda"), aws("logs"), aws("events")
    yield from (("Function", found["FunctionName"]) for found in functions.list_functions()["Functions"])
    for mapping in functions.list_event_source_mappings()["EventSourceMappings"]:
        yield "EventSourceMapping", mapping["FunctionArn"].split(":function:")[1].split(":")[0]
    yield from (("Role", role["RoleName"]) for role in aws("iam").list_roles()["Roles"])
    yield from (("Queue", url.rsplit("/", 1)[1]) for url in aws("sqs").list_queues().get("QueueUrls", []))
    for group in logs.describe_log_groups()["logGroups"]:
        yield "LogGroup", group["logGroupName"].removeprefix("/aws/lambda/")
    yield from (("EventRule", rule["Name"]) for rule in events.list_rules()["Rules"])


def of_state(resources: list[dict[str, Any]]) -> tuple[set[Thing], list[Thing]]:
    """Return what a state records: the objects of clusters, and those of AWS that `in_aws` lists."""
    custom = [resource for resource in resources if resource.get("custom")]
    objects = {_object(one["inputs"], one["type"]) for one in custom if one["type"].startswith("kubernetes:")}
    amazon = (one for one in custom if one["type"].startswith("aws:"))
    listed = (_in_state(one["type"].rpartition(":")[2], one["inputs"]) for one in amazon)
    return objects, sorted(thing for thing in listed if thing)


def _in_state(kind: str, inputs: Mapping[str, Any]) -> Thing | None:
    if kind == "EventSourceMapping":
        return kind, inputs["functionName"].split(":function:")[1].split(":")[0]
    if kind in ("Function", "Role", "Queue", "LogGroup", "EventRule"):
        return kind, inputs["name"].removeprefix("/aws/lambda/")
    return None


def _object(document: Mapping[str, Any], kind: str = "") -> Thing:
    metadata = document["metadata"]
    name = "/".join(part for part in (metadata.get("namespace"), metadata["name"]) if part)
    return document.get("kind") or kind.rpartition(":")[2], name
