"""The types of objects that a cluster knows: its own, and those whose definitions somebody installed."""

from collections.abc import Iterable, Mapping

from appofapps.observe.api import Get, NotServedError


def root(api: str) -> str:
    """Return the path of an API version: `apps/v1`; of the core group `v1`."""
    return f"/apis/{api}" if "/" in api else f"/api/{api}"


def plurals(get: Get, api: str) -> Mapping[str, str]:
    """Return what paths call the kinds of an API version; nothing of one that the cluster does not know.

    Raises UnreachableError.
    """
    try:
        resources = get(root(api))["resources"]
    except NotServedError:
        return {}
    return {each["kind"]: each["name"] for each in resources if "/" not in each["name"]}


def unserved(get: Get, types: Iterable[str]) -> frozenset[str]:
    """Return which of some types, such as `example.org/v1:Site`, a cluster does not know; raises UnreachableError.

    Groups without a dot (`apps`, the core) are Kubernetes' own: every cluster has them.
    """
    wanted = {each for each in types if "." in each.partition("/")[0]}
    known = {api: plurals(get, api) for api in sorted({each.rpartition(":")[0] for each in wanted})}
    return frozenset(each for each in wanted if each.rpartition(":")[2] not in known[each.rpartition(":")[0]])
