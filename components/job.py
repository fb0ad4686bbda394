"""`Job` and `CronJob`: work that ends."""

from appofapps.catalog.models.job import CronJob as CronJobModel
from appofapps.catalog.models.job import Job as JobModel
from components.child import Resources
from components.in_cluster import PodComponent
from components.kubernetes.job import cron_job, job


class Job(PodComponent[JobModel]):
    """Work done once a version; it is ready when it is done."""

    def build(self) -> Resources:
        """Make the job; a new version is a new one, and the old one goes when that is done."""
        return [self.create_object("job", job(self.planned), self.pod_needs(), awaited=True)]


class CronJob(PodComponent[CronJobModel]):
    """Work on a schedule; it is ready when the schedule is there."""

    def build(self) -> Resources:
        """Make the schedule."""
        return [self.create_object("cronjob", cron_job(self.planned), self.pod_needs())]
