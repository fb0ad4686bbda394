"""What a catalog says about pipelines that could not work."""

from pathlib import Path

import pytest

from appofapps.catalog.locate import locate_all
from appofapps.plan.validation import validated
from tests.catalog.minimal import FILES, write

SPEC = """\
  source: {connector: sqs, version: 1.0.0, queue: offers}
  steps:
    - function: fraud
  sink: {connector: sqs, version: 1.0.0, queue: priced}
"""


def problems(root: Path, spec: str = SPEC, more: str = "") -> str:
    """Return what is wrong with a catalog that has such a pipeline."""
    owner = "{team: a, oncall: a, runbook: 'https://r.example/a'}"
    app = f"apiVersion: appofapps.dev/v1\nkind: pipeline\nname: feed\nversion: 1.0.0\nowner: {owner}\n"
    write(root, {**FILES, "apps/feed.yaml": f"{app}{more}spec:\n{spec}"})
    return "\n".join(map(str, locate_all(validated(root, root).problems)))


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("function: fraud", "function: fruad", 9, "needs 'fruad': no such app; did you mean 'fraud'?"),
        ("function: fraud", "function: orders", 9, "'orders' is a workload, which nothing in AWS can call"),
        ("function: fraud", "job: migrate", 9, "a job runs once a release, in a cluster that no event reaches"),
        ("function: fraud", "function: fraud\n    - function: fraud", 8, "fraud twice"),
        ("connector: sqs, version: 1.0.0, queue: priced", "connector: s3, version: 1.0.0, bucket: b", 10, "a bucket"),
        ("version: 1.0.0, queue: offers", "version: 1.0.1, queue: offers", 7, "1.0.0"),
        ("version: 1.0.0, queue: offers", "queue: offers", 7, "version"),
        ("queue: offers", "queue: payments", 7, "is claimed by feed already"),
        ("queue: offers", "queue: feed-dead-letters", 1, "'feed-dead-letters' has two uses"),
    ],
)
def test_it_is_said_where_and_what(old: str, new: str, line: int, says: str, tmp_path: Path) -> None:
    """In the pipeline's file, or in that of the other who claims the same."""
    found = problems(tmp_path, SPEC.replace(old, new))
    assert says in found
    assert f"feed.yaml:{line}:" in found or "fraud.yaml" in found


def test_a_function_that_is_elsewhere_cannot_be_called(tmp_path: Path) -> None:
    """A pipe calls in its own region."""
    west = FILES["clusters/eu-1.yaml"].replace("eu-1", "us-1").replace("eu-west-1", "us-east-1")
    write(tmp_path, {"clusters/us-1.yaml": west})
    fraud = FILES["apps/fraud.yaml"].replace("needs: [orders]", "target: {clusters: {region: eu-west-1}}")
    found = problems(tmp_path)
    assert "needs" not in found
    write(tmp_path, {"apps/fraud.yaml": fraud})
    found = "\n".join(map(str, validated(tmp_path, tmp_path).problems))
    assert "'fraud' is not in us-east-1, where 'feed' is to call it" in found


def test_secrets_belong_to_its_functions(tmp_path: Path) -> None:
    """Here nobody would read them."""
    secrets = "secrets: [{variable: A, ssm: 'arn:aws:ssm:eu-west-1:111111111111:parameter/x'}]\n"
    assert "give them to the functions it calls" in problems(tmp_path, more=secrets)


def test_its_own_queues_can_be_named_by_others(tmp_path: Path) -> None:
    """Who sends to the source, or looks at the dead letters, names them as `queue:`."""
    identity = "cloud_identity: [{actions: ['sqs:SendMessage'], resources: ['queue:feed-dead-letters']}]\n"
    assert problems(tmp_path, more=identity) == ""
