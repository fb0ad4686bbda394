"""Work that ends."""

from tests.components.catalogs import child
from tests.components.conftest import Deploy


def test_a_job_runs_once_a_version(deploy: Deploy) -> None:
    """The version is in its physical name, not in its logical one; it is stopped at its deadline."""
    old, new = (deploy(child("schema", "job", version=version)) for version in ("1.0.0", "1.1.0-rc.1+b5"))
    job = new.named("schema@eu-1/job")

    assert old.named("schema@eu-1/job").inputs["metadata"]["name"] == "dev-schema-1-0-0"
    assert job.inputs["metadata"]["name"] == "dev-schema-1-1-0-rc-1-b5"
    assert job.inputs["spec"]["activeDeadlineSeconds"] == 120
    assert job.inputs["spec"]["backoffLimit"] == 3
    assert job.inputs["spec"]["template"]["spec"]["restartPolicy"] == "Never"
    assert "ttlSecondsAfterFinished" not in job.inputs["spec"]
    assert job.timeouts == {"create": "120s", "update": "120s"}


def test_a_dependent_waits_for_the_job_to_be_done(deploy: Deploy) -> None:
    """The job itself stands for its readiness: the engine awaits its completion."""
    engine = deploy(child("schema", "job"), child("cart", needs=["schema"]))

    assert engine.named("cart@eu-1/namespace").depends_on == {"schema@eu-1/job"}


def test_a_cron_job_is_not_cut_short(deploy: Deploy) -> None:
    """The child's deadline is the schedule's, not that of each of its runs."""
    spec = deploy(child("report", "cron-job")).named("report@eu-1/cronjob").inputs["spec"]

    assert (spec["schedule"], spec["timeZone"], spec["concurrencyPolicy"]) == ("0 3 * * *", "Etc/UTC", "Forbid")
    assert "activeDeadlineSeconds" not in spec["jobTemplate"]["spec"]
    assert spec["jobTemplate"]["spec"]["template"]["spec"]["restartPolicy"] == "Never"


def test_a_run_that_hangs_is_stopped(deploy: Deploy) -> None:
    """Each run has its own deadline, so that the next can begin."""
    spec = deploy(child("report", "cron-job", spec={"run_deadline": "1h"})).named("report@eu-1/cronjob").inputs["spec"]

    assert spec["jobTemplate"]["spec"]["activeDeadlineSeconds"] == 3600
    assert "activeDeadlineSeconds" not in spec
