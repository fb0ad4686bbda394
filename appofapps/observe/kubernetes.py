"""What one cluster says about our children: one list call a kind, whatever their number."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from appofapps.observe.api import Get, UnreachableError
from appofapps.observe.health import Condition, Health
from appofapps.observe.readiness import health
from appofapps.plan import conventions as c

PATHS: Final = {
    "Deployment": "/apis/apps/v1/deployments",
    "StatefulSet": "/apis/apps/v1/statefulsets",
    "DaemonSet": "/apis/apps/v1/daemonsets",
    "Job": "/apis/batch/v1/jobs",
    "CronJob": "/apis/batch/v1/cronjobs",
}

ObjectKey = tuple[str, str]
"""Kind and namespace: a child has a namespace of its own, and one main object in it."""

MISSING: Final = Health(Condition.MISSING, "not in the cluster")


def probe(get: Get) -> str:
    """Return why a cluster is out of reach; empty when it answers."""
    try:
        get("/version")
    except UnreachableError as error:
        return str(error)
    return ""


def observe(get: Get, kinds: Iterable[str], environment: str) -> Mapping[ObjectKey, Health]:
    """Return the health of our objects of some kinds; raises UnreachableError."""
    selector = f"{c.MANAGED_BY}={c.MANAGER},{c.ENVIRONMENT}={environment}"
    wanted = sorted(set(kinds))
    with ThreadPoolExecutor(max_workers=len(wanted) or 1) as pool:
        lists = pool.map(lambda kind: get(PATHS[kind], selector=selector)["items"], wanted)
        return {key: seen for kind, items in zip(wanted, lists, strict=True) for key, seen in _newest(kind, items)}


def _newest(kind: str, items: Iterable[Mapping[str, Any]]) -> Iterable[tuple[ObjectKey, Health]]:
    """Yield oldest first: in a mapping the newest stays. What a controller made (a CronJob's Job) is left out."""
    ours = (item for item in items if not item["metadata"].get("ownerReferences"))
    for item in sorted(ours, key=lambda item: str(item["metadata"].get("creationTimestamp", ""))):
        yield (kind, item["metadata"]["namespace"]), health(kind, item)
