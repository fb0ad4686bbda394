"""Names in AWS that are taken by something without our tags: one list call a service, tags only of matches."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from appofapps.observe.aws import Api, Client, is_missing
from appofapps.observe.ownership import Claim
from appofapps.plan import conventions as c

OURS: Final = c.TAG_PREFIX + "managed-by"

Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Finder:
    """How to list the names of one type, and to read the tags of one of them."""

    service: str
    names: Callable[[Api], Iterable[str]]
    tags: Callable[[Api, str], Tags]


def _pages(api: Api, operation: str, key: str) -> Iterator[Any]:
    for page in api.get_paginator(operation).paginate():
        yield from page.get(key, ())


def _pairs(tags: Iterable[Mapping[str, str]]) -> Tags:
    return {tag["Key"]: tag["Value"] for tag in tags}


def _queue_tags(api: Api, name: str) -> Tags:
    tags: Tags = api.list_queue_tags(QueueUrl=api.get_queue_url(QueueName=name)["QueueUrl"]).get("Tags", {})
    return tags


def _function_tags(api: Api, name: str) -> Tags:
    tags: Tags = api.get_function(FunctionName=name).get("Tags", {})
    return tags


def _log_tags(api: Api, name: str) -> Tags:
    tags: Tags = api.list_tags_log_group(logGroupName=name).get("tags", {})
    return tags


def _rule_tags(api: Api, name: str) -> Tags:
    return _pairs(api.list_tags_for_resource(ResourceARN=api.describe_rule(Name=name)["Arn"])["Tags"])


def _edge_functions(api: Api) -> Iterator[Mapping[str, Any]]:
    marker: dict[str, str] = {}
    while True:
        found = api.list_functions(**marker)["FunctionList"]
        yield from found.get("Items", ())
        if not found.get("NextMarker"):
            return
        marker = {"Marker": found["NextMarker"]}


def _edge_tags(api: Api, name: str) -> Tags:
    arn = api.describe_function(Name=name)["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    return _pairs(api.list_tags_for_resource(Resource=arn)["Tags"].get("Items", ()))


def _alarm_tags(api: Api, name: str) -> Tags:
    alarms = api.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return _pairs(api.list_tags_for_resource(ResourceARN=alarms[0]["AlarmArn"])["Tags"]) if alarms else {}


FINDERS: Final[Mapping[str, Finder]] = {
    "lambda/function:Function": Finder(
        "lambda", lambda api: (f["FunctionName"] for f in _pages(api, "list_functions", "Functions")), _function_tags
    ),
    "iam/role:Role": Finder(
        "iam",
        lambda api: (role["RoleName"] for role in _pages(api, "list_roles", "Roles")),
        lambda api, name: _pairs(api.list_role_tags(RoleName=name)["Tags"]),
    ),
    "sqs/queue:Queue": Finder(
        "sqs", lambda api: (url.rsplit("/", 1)[-1] for url in _pages(api, "list_queues", "QueueUrls")), _queue_tags
    ),
    "s3/bucket:Bucket": Finder(
        "s3",
        lambda api: (bucket["Name"] for bucket in api.list_buckets()["Buckets"]),
        lambda api, name: _pairs(api.get_bucket_tagging(Bucket=name)["TagSet"]),
    ),
    "cloudwatch/eventRule:EventRule": Finder(
        "events", lambda api: (rule["Name"] for rule in _pages(api, "list_rules", "Rules")), _rule_tags
    ),
    "cloudfront/function:Function": Finder(
        "cloudfront", lambda api: (function["Name"] for function in _edge_functions(api)), _edge_tags
    ),
    "cloudwatch/metricAlarm:MetricAlarm": Finder(
        "cloudwatch", lambda api: (a["AlarmName"] for a in _pages(api, "describe_alarms", "MetricAlarms")), _alarm_tags
    ),
    "kinesis/stream:Stream": Finder(
        "kinesis",
        lambda api: _pages(api, "list_streams", "StreamNames"),
        lambda api, name: _pairs(api.list_tags_for_stream(StreamName=name)["Tags"]),
    ),
    "pipes/pipe:Pipe": Finder(
        "pipes",
        lambda api: (pipe["Name"] for pipe in _pages(api, "list_pipes", "Pipes")),
        lambda api, name: api.describe_pipe(Name=name).get("Tags", {}),
    ),
    "cloudwatch/logGroup:LogGroup": Finder(
        "logs", lambda api: (g["logGroupName"] for g in _pages(api, "describe_log_groups", "logGroups")), _log_tags
    ),
}  # fmt: skip
"""By the type a claim names; what is not here has no name of its own that could be taken."""


def present(client: Client, region: str, claims: Iterable[Claim]) -> Mapping[Claim, bool]:
    """Return the claims whose resource exists in a region, and whether it is ours."""
    found: dict[Claim, bool] = {}
    wanted = tuple(claims)
    for kind in sorted({claim.type for claim in wanted} & set(FINDERS)):
        finder = FINDERS[kind]
        api = client(finder.service, region)
        of_kind = {claim.name: claim for claim in wanted if claim.type == kind}
        matches = sorted(of_kind.keys() & set(finder.names(api)))
        found |= {of_kind[name]: _is_ours(finder, api, name) for name in matches}
    return found


def _is_ours(finder: Finder, api: Api, name: str) -> bool:
    try:
        return finder.tags(api, name).get(OURS) == c.MANAGER
    except Exception as error:
        if is_missing(error):
            return False
        raise
