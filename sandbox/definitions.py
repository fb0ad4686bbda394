"""Custom resource definitions of others, in every cluster, so that its API server validates what we send."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Final
from urllib.error import HTTPError

from sandbox.api import Api
from sandbox.toolchain import build
from sandbox.toolchain.definitions import DEFINITIONS, FILE

PATH: Final = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
DISCOVERY: Final = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
WORKERS: Final = 4


@cache
def documents() -> list[dict[str, Any]]:
    """Read the definitions from the user's cache."""
    folder = build.ensure(DEFINITIONS, build.cache_folder(), lambda _: None)
    found: list[dict[str, Any]] = json.loads((folder / FILE).read_text())
    return found


def install(api: Api) -> None:
    """Apply the definitions."""
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda each: api.apply(f"{PATH}/{each['metadata']['name']}", each), documents()))


def are_served(api: Api) -> bool:
    """Say whether the API server serves every kind, and describes it: kwok looks for both once, when it starts.

    Discovery and descriptions follow a definition one after the other, and one kind of a group before the next.
    """
    try:
        served = set(_discovered(api))
        return all(each in served for each in _expected()) and all(_is_described(api, *each) for each in _expected())
    except HTTPError:
        return False  # no kind of that group is described yet


def _expected() -> Iterator[tuple[str, str]]:
    """Yield the group version and the kind of all that is defined."""
    for spec in (each["spec"] for each in documents()):
        for version in spec["versions"]:
            yield f"{spec['group']}/{version['name']}", spec["names"]["kind"]


def _discovered(api: Api) -> Iterator[tuple[str, str]]:
    for group in api.call("/apis", accept=DISCOVERY)["items"]:
        for version in group["versions"]:
            for resource in version["resources"]:
                yield f"{group['metadata']['name']}/{version['version']}", resource["responseKind"]["kind"]


def _is_described(api: Api, group_version: str, kind: str) -> bool:
    schemas = api.call(f"/openapi/v3/apis/{group_version}")["components"]["schemas"]
    return any(name.endswith(f".{kind}") for name in schemas)
