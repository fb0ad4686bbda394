"""The engine is killed at chosen moments of an `aoa up`: the next one loses nothing, duplicates nothing, converges.

Five stacks, each killed in its first deployment and again in a release which updates, replaces and deletes. Where:
three inside a creation in AWS (made, and not yet told), one when deletions begin, the others at random events.
`AOA_TEST_SEED` repeats a choice.
"""

import os
import random
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.inventory import Aws, Thing, in_aws, in_cluster, of_state
from tests.e2e.killing import Killed, Moment, at, deletions_begin, inside_creation, kill, steps
from tests.e2e.project import Project
from tests.e2e.small_catalog import API, OWNER, function, image, small_project, workload

SEED = int(os.environ.get("AOA_TEST_SEED") or random.SystemRandom().randrange(10_000))
INSIDE = {
    0: "aws:lambda/function:Function",
    1: "aws:lambda/eventSourceMapping:EventSourceMapping",
    2: "aws:iam/role:Role",
}
"""The stacks whose first deployment is killed inside a creation in AWS, and of what."""
ALL_AT_ONCE = 3
"""The stack whose first deployment is killed with `aoa` and all: nobody is left to report anything."""
AT_DELETIONS = 4
"""The stack whose release is killed when its deletions begin: what was replaced is still there."""
DELAY = "120"
"""Seconds the provider keeps a creation to itself; the engine is killed long before."""


def catalog() -> tuple[dict[str, Any], ...]:
    """Return four children of three kinds, two of them functions, one with a queue."""
    job: dict[str, Any] = {
        **API, "kind": "job", "name": "migrate", "version": "1.0.0", "owner": OWNER, "needs": [],
        "profiles": {"dev": {}}, "spec": {"image": image()},
    }  # fmt: skip
    queue = {"triggers": {"queue": {"name": "orders"}}}
    schedule = {"triggers": {"schedule": {"expression": "rate(1 hour)"}}}
    return job, workload("store", "migrate"), function("judge", "store", spec=queue), function("report", spec=schedule)


def release(project: Project) -> None:
    """Make the next release: the job's and the store's new versions, new code of one function, the other one gone."""
    for name in ("migrate", "store"):
        project.edit(f"catalog/apps/{name}.yaml", lambda child: child.update(version="1.1.0"))
        project.edit(f"catalog/apps/{name}.yaml", lambda child: child["spec"].update(image=image("1.1.0", "b")))
    (project.root / "catalog/functions/judge/handler.py").write_text("def handle(event, context):\n    return None\n")
    (project.root / "catalog/apps/report.yaml").unlink()


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """A run that nobody kills: how many events it has, and what exists after it (environment left out of names)."""

    events: int
    objects: set[Thing]
    amazon: list[Thing]


@pytest.fixture(scope="module")
def undisturbed(
    environment: Mapping[str, str], aws: Aws, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Undisturbed]:
    """Deploy, release and destroy a stack without any kill."""
    project = small_project(tmp_path_factory.mktemp("undisturbed"), environment, "k5", catalog())
    project.pulumi("stack", "init", "k5")

    def deployed(run: str) -> Undisturbed:
        log = project.root / f"{run}.events"
        project.pulumi("up", "--stack", "k5", "--yes", "--skip-preview", "--event-log", str(log))
        return Undisturbed(len(steps(log)), *existing(project, aws, "k5"))

    first = deployed("first")
    release(project)
    found = {"first": first, "release": deployed("release")}
    project.pulumi("destroy", "--stack", "k5", "--yes")
    assert in_cluster(project, "k5") == set()
    return found


def existing(project: Project, aws: Aws, environment: str) -> tuple[set[Thing], list[Thing]]:
    """Return what exists in Kubernetes and in AWS, the environment left out of the names."""
    objects = {(kind, name.replace(environment, "·")) for kind, name in in_cluster(project, environment)}
    return objects, [(kind, name.replace(environment, "·")) for kind, name in in_aws(aws, environment)]


def moment_inside(kind: str, aws: Aws, stack: str) -> Moment:
    """Return the moment when AWS has made the first resource of a type."""
    listed = kind.rpartition(":")[2]
    return inside_creation(kind, lambda: any(found == listed for found, _ in in_aws(aws, stack)))


class TestKilledEngine:
    """SIGKILL at ten moments."""

    @pytest.mark.parametrize("number", range(5))
    def test_next_up_converges(
        self, number: int, small: Callable[..., Project], aws: Aws, undisturbed: Mapping[str, Undisturbed],
        capsys: pytest.CaptureFixture[str],
    ) -> None:  # fmt: skip
        """After each of two kills the next `aoa up` says what it repaired, and leaves what an undisturbed one would."""
        stack, choose = f"k5{number}", random.Random(SEED + number)
        project = small(stack, *catalog())

        def survive(run: str, moment: Moment, **variables: str) -> None:
            killed = kill(project, moment, "aoa", "up", "--stack", stack, "--yes",
                          everything=(run, number) == ("first", ALL_AT_ONCE), **variables)  # fmt: skip
            with capsys.disabled():
                print(f" [seed {SEED}, {stack} {run}: killed at event {killed.events}]", end="", flush=True)
            says_so(killed)
            repaired = project.aoa("up", "--stack", stack, "--yes")
            assert f"released the lock of process {killed.engine} " in repaired.err
            assert_whole(project, aws, stack, undisturbed[run])

        if number in INSIDE:
            kind = INSIDE[number]
            survive("first", moment_inside(kind, aws, stack), AOA_SANDBOX_AWS_DELAY=f"{kind}={DELAY}")
        else:
            survive("first", at(choose.randint(1, undisturbed["first"].events - 3)))
        release(project)
        random_event = at(choose.randint(1, undisturbed["release"].events - 3))
        survive("release", deletions_begin if number == AT_DELETIONS else random_event)
        project.aoa("destroy", "--stack", stack, "--yes")
        assert existing(project, aws, stack) == (set(), [])


def says_so(killed: Killed) -> None:
    """Check that `aoa`, where it outlives the engine, says in words what happened."""
    if killed.done.code == -signal.SIGKILL:
        return
    assert killed.done.code == 3
    assert "killed" in killed.done.err
    assert "Traceback" not in killed.done.err


def settled(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Give the cluster time to end deletions that the killed run had begun: it does so after the engine is done."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.5)


def assert_whole(project: Project, aws: Aws, stack: str, wanted: Undisturbed) -> None:
    """Check that clusters, AWS and state agree, with each other and with a run that nobody killed."""
    settled(lambda: existing(project, aws, stack) == (wanted.objects, wanted.amazon))
    assert existing(project, aws, stack) == (wanted.objects, wanted.amazon)
    exported = project.pulumi("stack", "export", "--stack", stack).json()["deployment"]
    assert not exported.get("pending_operations")
    urns = [resource["urn"] for resource in exported["resources"]]
    assert len(urns) == len(set(urns))
    assert of_state(exported["resources"]) == (in_cluster(project, stack), in_aws(aws, stack))
    project.pulumi("preview", "--stack", stack, "--expect-no-changes", "--refresh")
