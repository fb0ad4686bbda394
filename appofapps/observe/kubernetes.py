"""What one cluster says about our children: one list call a kind, whatever their number."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Final

from appofapps.catalog.models.child import ObjectType
from appofapps.observe.api import Get, NotServedError, UnreachableError
from appofapps.observe.health import Condition, Health
from appofapps.observe.readiness import health
from appofapps.plan import conventions as c

ObjectKey = tuple[ObjectType, str]
"""Type and namespace: a child has a namespace of its own, and one main object in it."""

MISSING: Final = Health(Condition.MISSING, "not in the cluster")


def probe(get: Get) -> str:
    """Return why a cluster is out of reach; empty when it answers."""
    try:
        get("/version")
    except UnreachableError as error:
        return str(error)
    return ""


def unready(get: Get) -> str:
    """Return why a cluster could start no pod; empty when a node is ready for more. Raises UnreachableError."""
    nodes = get("/api/v1/nodes")["items"] or ()
    return "" if any(map(_takes_pods, nodes)) else f"none of its {len(nodes)} nodes is ready for pods"


def _takes_pods(node: Mapping[str, Any]) -> bool:
    conditions = node.get("status", {}).get("conditions") or ()
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
    return ready and not node.get("spec", {}).get("unschedulable")


def previews(get: Get) -> dict[str, str]:
    """Return the namespaces of all previews of ours, each with its preview; raises UnreachableError."""
    items = get("/api/v1/namespaces", selector=f"{c.MANAGED_BY}={c.MANAGER},{c.PREVIEW_OF}")["items"] or ()
    return {item["metadata"]["name"]: item["metadata"]["labels"].get(c.ENVIRONMENT, "") for item in items}


def path(of: ObjectType) -> str:
    """Return the path of all objects of a type."""
    return f"/apis/{of.api}/{of.plural}" if "/" in of.api else f"/api/{of.api}/{of.plural}"


def observe(get: Get, types: Iterable[ObjectType], environment: str) -> Mapping[ObjectKey, Health]:
    """Return the health of our objects of some types; raises UnreachableError."""
    selector = f"{c.MANAGED_BY}={c.MANAGER},{c.ENVIRONMENT}={environment}"
    wanted = sorted(set(types))
    with ThreadPoolExecutor(max_workers=len(wanted) or 1) as pool:
        lists = pool.map(lambda each: _listed(get, each, selector), wanted)
        return {key: seen for each, items in zip(wanted, lists, strict=True) for key, seen in _newest(each, items)}


def _listed(get: Get, of: ObjectType, selector: str) -> Iterable[Mapping[str, Any]]:
    """Return the objects of a type; a cluster that does not know the type has none."""
    try:
        found: Iterable[Mapping[str, Any]] = get(path(of), selector=selector)["items"]
    except NotServedError:
        return ()
    return found


def within(get: Get, types: Iterable[ObjectType], namespace: str) -> Iterable[tuple[str, Health]]:
    """Yield the health of everything of some types in a namespace, whoever made it; raises UnreachableError."""
    for each in types:
        api, _, plural = path(each).rpartition("/")
        for item in _ours(get(f"{api}/namespaces/{namespace}/{plural}")["items"]):
            yield f"{each.kind.lower()}/{item['metadata']['name']}", health(each.kind, item)


def least(main: Health, others: Iterable[tuple[str, Health]]) -> Health:
    """Return the health of a child of several objects: it is as ready as the least ready of them."""
    for name, seen in others if main.ready else ():
        if not seen.ready:
            return replace(main, condition=seen.condition, cause=f"{name}: {seen.cause}")
    return main


def _newest(of: ObjectType, items: Iterable[Mapping[str, Any]]) -> Iterable[tuple[ObjectKey, Health]]:
    """Yield oldest first: in a mapping the newest stays, or what has its namespace's name: the child's own."""
    for item in sorted(_ours(items), key=_rank):
        home = item["metadata"].get("namespace") or item["metadata"]["name"]  # of a whole cluster: under the same name
        yield (of, home), health(of.kind, item)


def _rank(item: Mapping[str, Any]) -> tuple[bool, str]:
    metadata = item["metadata"]
    return metadata["name"] == metadata.get("namespace"), str(metadata.get("creationTimestamp", ""))


def _ours(items: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    """Return what no controller made, as a CronJob its Jobs."""
    return (item for item in items if not item["metadata"].get("ownerReferences"))
