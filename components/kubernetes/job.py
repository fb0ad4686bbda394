"""Work that ends: Job and CronJob."""

import re
from typing import Any

from appofapps.catalog.models.job import CronJob, Job, JobProfile
from appofapps.plan.naming import CRON_JOB_LIMIT, JOB_LIMIT, physical_name
from appofapps.plan.plan import PlannedChild
from components.kubernetes.fields import given
from components.kubernetes.metadata import release_metadata
from components.kubernetes.pod import pod_template


def job_name(planned: PlannedChild[Job]) -> str:
    """Return the name of a job; it carries the version, so that each version runs once."""
    version = re.sub(r"[^a-z0-9]+", "-", planned.child.version.lower())
    return physical_name(planned.name, version, limit=JOB_LIMIT)


def job(planned: PlannedChild[Job]) -> dict[str, Any]:
    """Return a Job that must complete within the child's deadline, and is stopped by the cluster if it does not."""
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": release_metadata(planned, job_name(planned)),
        "spec": {**_job_spec(planned), "activeDeadlineSeconds": planned.deadline},
    }


def cron_job(planned: PlannedChild[CronJob]) -> dict[str, Any]:
    """Return a CronJob; the cluster stops a run at the deadline of runs, not at that of the child."""
    spec = planned.child.spec
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": release_metadata(planned, physical_name(planned.name, limit=CRON_JOB_LIMIT)),
        "spec": {
            "schedule": spec.schedule,
            "timeZone": spec.timezone,
            "concurrencyPolicy": spec.overlap,
            "successfulJobsHistoryLimit": spec.history,
            "failedJobsHistoryLimit": spec.history,
            "jobTemplate": {
                "metadata": {"labels": dict(planned.release_labels)},
                "spec": {**_job_spec(planned), **given(activeDeadlineSeconds=spec.run_deadline)},
            },
        },
    }


def _job_spec(planned: PlannedChild[Job | CronJob]) -> dict[str, Any]:
    spec, size = planned.child.spec, _profile(planned)
    return {
        "backoffLimit": spec.retries,
        "parallelism": size.parallelism,
        "completions": size.parallelism,
        "template": pod_template(planned, restart="Never"),
    }


def _profile(planned: PlannedChild[Job | CronJob]) -> JobProfile:
    return planned.child.profiles[planned.environment.tier]
