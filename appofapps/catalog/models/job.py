"""The kinds `job` and `cron-job`: work that ends."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from appofapps.catalog.models.base import Seconds, Tier
from appofapps.catalog.models.child import TENANCY_RESOURCES, ObjectType
from appofapps.catalog.models.pod import PodSpec
from appofapps.catalog.models.running import Override, PodChild, PodProfile


class JobProfile(PodProfile):
    """The size of a job in one tier."""

    parallelism: Annotated[int, Field(ge=1)] = 1

    @property
    def most_replicas(self) -> int:
        """How many run side by side."""
        return self.parallelism


class JobSpec(PodSpec):
    """What a job runs."""

    retries: Annotated[int, Field(ge=0)] = 3


class CronJobSpec(JobSpec):
    """What a cron job runs, and when."""

    schedule: Annotated[str, Field(pattern=r"^(@(yearly|annually|monthly|weekly|daily|hourly)|(\S+ ){4}\S+)$")]
    timezone: str = "Etc/UTC"
    overlap: Literal["Allow", "Forbid", "Replace"] = "Forbid"
    history: Annotated[int, Field(ge=0)] = 3
    run_deadline: Seconds | None = None
    """How long one run may take before the cluster stops it. None never does: with `Forbid` a hung run is the last."""


class Job(PodChild):
    """A task that runs once a version, such as a schema migration."""

    RESOURCES: ClassVar[frozenset[str]] = TENANCY_RESOURCES | {
        "job", "service-account", "config", "role", "role-policy",
    }  # fmt: skip

    kind: Literal["job"]
    profiles: dict[Tier, JobProfile]
    overrides: tuple[Override[JobProfile], ...] = ()
    spec: JobSpec

    @property
    def main_resource(self) -> str:
        """The job."""
        return "job"

    @property
    def main_object(self) -> ObjectType:
        """The job."""
        return ObjectType("batch/v1", "jobs", "Job")

    def most_pods(self, tier: Tier) -> int:
        """Return how many run side by side."""
        return self.profiles[tier].most_replicas


class CronJob(PodChild):
    """A task on a schedule."""

    RESOURCES: ClassVar[frozenset[str]] = TENANCY_RESOURCES | {
        "cronjob", "service-account", "config", "role", "role-policy",
    }  # fmt: skip

    kind: Literal["cron-job"]
    profiles: dict[Tier, JobProfile]
    overrides: tuple[Override[JobProfile], ...] = ()
    spec: CronJobSpec

    @property
    def main_resource(self) -> str:
        """The cron job."""
        return "cronjob"

    @property
    def main_object(self) -> ObjectType:
        """The cron job."""
        return ObjectType("batch/v1", "cronjobs", "CronJob")

    def most_pods(self, tier: Tier) -> int:
        """Return how many run side by side, twice as many where one run may overlap the next."""
        return self.profiles[tier].most_replicas * (2 if self.spec.overlap == "Allow" else 1)
