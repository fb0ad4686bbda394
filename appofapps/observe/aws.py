"""What AWS says about our children, and whose account it is. Endpoint and credentials come from the environment."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from appofapps.observe.health import Condition, Health, unknown
from appofapps.plan.conventions import STEPS, TAG_PREFIX
from appofapps.plan.naming import pipe_prefix

ALIAS: Final = "live"
WORKERS: Final = 8
CONNECT_SECONDS: Final = 2
READ_SECONDS: Final = 10

Api = Any
"""A boto3 client: a class of its own for every service, made at run time."""

Client = Callable[[str, str], Api]
"""Makes a boto3 client of a service in a region."""


class Thing(NamedTuple):
    """What stands for a child in AWS."""

    region: str
    type: str
    """As the child's model names it: `lambda/alias:Alias`."""
    name: str


def connect(service: str, region: str) -> Api:
    """Make a boto3 client that gives up soon."""
    # Imported here: boto3 takes half a second that commands without AWS need not pay.
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    timeouts = Config(connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries={"total_max_attempts": 2})
    return boto3.Session(region_name=region).client(service, config=timeouts)  # type: ignore[call-overload]


def account(client: Client, region: str) -> str:
    """Return the account that the credentials belong to."""
    return str(client("sts", region).get_caller_identity()["Account"])


def observe(client: Client, wanted: Iterable[Thing]) -> Mapping[Thing, Health]:
    """Return the health of things in AWS; what cannot be read is unknown."""
    things = tuple(wanted)
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        return dict(zip(things, pool.map(lambda thing: _seen(client, thing), things), strict=True))


def _seen(client: Client, thing: Thing) -> Health:
    service, look = LOOKS[thing.type]
    try:
        return look(client(service, thing.region), thing.name)
    except errors() as error:
        if is_missing(error):
            return Health(Condition.MISSING, MISSING[thing.type].format(name=thing.name))
        return unknown(str(error))


def _function(api: Api, name: str) -> Health:
    found = api.get_function(FunctionName=name)
    target = api.get_alias(FunctionName=name, Name=ALIAS)["FunctionVersion"]
    api.get_function_configuration(FunctionName=name, Qualifier=target)
    return health(found)


def _edge_lambda(api: Api, name: str) -> Health:
    """Return the health of a function that CloudFront takes by version: one must be published."""
    found = api.get_function(FunctionName=name)
    versions = api.get_paginator("list_versions_by_function").paginate(FunctionName=name)
    if any(version["Version"] != "$LATEST" for page in versions for version in page["Versions"]):
        return health(found)
    return Health(Condition.NOT_READY, "no version is published")


def _edge_function(api: Api, name: str) -> Health:
    """Return the health of a CloudFront Function: the stage LIVE, whose comment says which version it is."""
    live = api.describe_function(Name=name, Stage="LIVE")["FunctionSummary"]
    version = str(live["FunctionConfig"].get("Comment", "")).partition(" ")[0]
    return Health(Condition.READY, version=version, since=_stamp(live["FunctionMetadata"]["LastModifiedTime"]))


def _pipeline(api: Api, name: str) -> Health:
    """Return the health of a pipeline: every step has a pipe, and every pipe runs."""
    pages = api.get_paginator("list_pipes").paginate(NamePrefix=pipe_prefix(name))
    pipes = [api.describe_pipe(Name=pipe["Name"]) for page in pages for pipe in page["Pipes"]]
    if not pipes:
        return Health(Condition.MISSING, f"no pipe of {name}")
    tags: Mapping[str, str] = pipes[0].get("Tags", {})
    wanted = int(tags.get(STEPS, "0"))
    unwell = [f"{each['Name']} is {each['CurrentState']}" for each in pipes if each["CurrentState"] != "RUNNING"]
    missing = [f"{len(pipes)} of {wanted} pipes"] if len(pipes) < wanted else []
    versions = {each.get("Tags", {}).get(TAG_PREFIX + "version", "") for each in pipes}
    return Health(
        condition=Condition.NOT_READY if unwell or missing else Condition.READY,
        cause="; ".join([*missing, *unwell]),
        version="/".join(sorted(versions)),
        since=_stamp(max(each["LastModifiedTime"] for each in pipes)),
    )


def health(found: Mapping[str, Any]) -> Health:
    """Return how a function is, from the answer of GetFunction."""
    configuration = found["Configuration"]
    cause = _cause(configuration)
    return Health(
        condition=Condition.NOT_READY if cause else Condition.READY,
        cause=cause,
        version=found.get("Tags", {}).get(TAG_PREFIX + "version", ""),
        since=_seconds(str(configuration.get("LastModified", ""))),
    )


def _cause(configuration: Mapping[str, Any]) -> str:
    state, update = configuration.get("State", "Active"), configuration.get("LastUpdateStatus", "Successful")
    if state not in {"Active", "Inactive"}:  # Inactive: idle for weeks; the next call wakes it
        return f"{state}: {configuration.get('StateReason', '')}"
    if update != "Successful":
        return f"last update {update}: {configuration.get('LastUpdateStatusReason', '')}"
    return ""


def _seconds(time: str) -> str:
    """Return `2026-01-02T03:04:05.678+0000` to the second, as Kubernetes writes it; Lambda's times are in UTC."""
    return f"{time[:19]}Z" if time else ""


def _stamp(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def errors() -> tuple[type[Exception], ...]:
    """Return what boto3 raises when AWS refuses, or does not answer."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    return (BotoCoreError, ClientError)


def is_missing(error: Exception) -> bool:
    """Tell whether an error says that something does not exist."""
    response: Mapping[str, Any] = getattr(error, "response", {})
    return str(response.get("Error", {}).get("Code", "")) in {
        "ResourceNotFoundException", "NoSuchEntity", "NoSuchBucket", "NoSuchTagSet",
        "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "NoSuchFunctionExists", "NotFoundException",
    }  # fmt: skip


LOOKS: Final[Mapping[str, tuple[str, Callable[[Api, str], Health]]]] = {
    "lambda/alias:Alias": ("lambda", _function),
    "lambda/function:Function": ("lambda", _edge_lambda),
    "cloudfront/function:Function": ("cloudfront", _edge_function),
    "pipes/pipe:Pipe": ("pipes", _pipeline),
}
"""By the type a model names as its main one: the service to ask, and how."""
MISSING: Final[Mapping[str, str]] = {
    "lambda/alias:Alias": f"no function {{name}}, no alias {ALIAS}, or no version it points to",
    "lambda/function:Function": "no function {name}",
    "cloudfront/function:Function": "no function {name}, or it is not published",
    "pipes/pipe:Pipe": "no pipe of {name}",
}
