"""Custom resource definitions of others, in every cluster, so that its API server validates what we send."""

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Final
from urllib.error import HTTPError

from sandbox.api import Api
from sandbox.toolchain import build
from sandbox.toolchain.definitions import DEFINITIONS, FILE

Document = dict[str, Any]
PATH: Final = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
DISCOVERY: Final = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
WORKERS: Final = 4


@cache
def documents() -> Sequence[Document]:
    """Read the definitions from the user's cache."""
    folder = build.ensure(DEFINITIONS, build.cache_folder(), lambda _: None)
    found: Sequence[Document] = json.loads((folder / FILE).read_text())
    return found


def install(api: Api, defined: Iterable[Document]) -> None:
    """Apply definitions."""
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda each: api.apply(f"{PATH}/{each['metadata']['name']}", each), defined))


def are_served(api: Api, defined: Sequence[Document]) -> bool:
    """Say whether the API server serves every kind, and describes it: kwok looks for both once, when it starts.

    Discovery and descriptions follow a definition one after the other, and one kind of a group before the next.
    """
    try:
        served, expected = set(_discovered(api)), list(_kinds(defined))
        return served.issuperset(expected) and all(_is_described(api, *each) for each in expected)
    except HTTPError:
        return False  # no kind of that group is described yet


def _kinds(defined: Iterable[Document]) -> Iterator[tuple[str, str]]:
    """Yield the group version and the kind of all that is defined."""
    for spec in (each["spec"] for each in defined):
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
