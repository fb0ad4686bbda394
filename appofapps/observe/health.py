"""What a look at the world finds out about one child."""

from dataclasses import dataclass, replace
from enum import StrEnum

from appofapps.catalog.models.kinds import Child
from appofapps.plan.conventions import VERSION
from appofapps.plan.plan import PlannedChild


class Condition(StrEnum):
    """How a child is. Only `ready` is ready: what is missing or cannot be seen is not."""

    READY = "ready"
    NOT_READY = "not ready"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Health:
    """A child as observed now."""

    condition: Condition
    cause: str = ""
    """Why it is not ready."""
    version: str = ""
    """The version its label or tag states."""
    since: str = ""
    """Since when it is as it is, in ISO 8601."""
    replicas: int | None = None
    """The pods the cluster was told to run; None where nothing says."""

    @property
    def ready(self) -> bool:
        """Tell whether it is ready, beyond doubt."""
        return self.condition is Condition.READY


def unknown(cause: str) -> Health:
    """Return the health of what cannot be seen."""
    return Health(Condition.UNKNOWN, cause)


def judge(planned: PlannedChild[Child], seen: Health) -> Health:
    """Hold what was seen against the plan: another version, or a workload scaled to nothing, is not ready.

    The version of a paused child is whatever runs.
    """
    if not seen.ready:
        return seen
    wanted = planned.release_labels[VERSION]
    if seen.version != wanted and not planned.child.paused:
        return replace(seen, condition=Condition.NOT_READY, cause=f"runs {seen.version or '?'}, not {wanted}")
    least = planned.child.least_pods(planned.environment.tier)
    if seen.replicas == 0 and least:
        return replace(seen, condition=Condition.NOT_READY, cause=f"scaled to 0, the plan wants {least}")
    return seen
