"""Stacks of the Pulumi Kubernetes Operator: their shape only, since its definition cannot be had as a module."""

import pytest
from pydantic import ValidationError

from tests.components.catalogs import COMMIT, child
from tests.components.conftest import Deploy
from tests.components.test_route import awaited


def test_a_program_at_one_commit(deploy: Deploy) -> None:
    """The operator runs it as an account that others made, and destroys what it made when the child goes."""
    spec = {"backend": "s3://states", "path": "infra"}
    made = deploy(child("tables", "stack", spec=spec)).named("tables@eu-1/stack")

    assert made.type == "kubernetes:pulumi.com/v1:Stack"
    assert made.inputs["spec"] == {
        "stack": "acme/tables/dev", "backend": "s3://states", "projectRepo": "https://git.example/loyalty",
        "repoDir": "infra", "commit": COMMIT, "serviceAccountName": "tables", "refresh": True,
        "destroyOnFinalize": True,
    }  # fmt: skip


def test_it_is_ready_when_this_commit_has_succeeded(deploy: Deploy) -> None:
    """An older success is none; dependents wait, and go first at the end: the operator would not see to that.

    Without `prerequisites`: it would look for them in the dependent's own namespace, and wait for good.
    """
    engine = deploy(child("tables", "stack"), child("cart", "stack", needs=["tables"]))

    assert awaited(engine.named("tables@eu-1/stack").inputs) == [
        "jsonpath={.status.observedGeneration}",
        'jsonpath={.status.conditions[?(@.type=="Ready")].status}=True',
        f"jsonpath={{.status.lastUpdate.lastSuccessfulCommit}}={COMMIT}",
    ]
    assert engine.named("cart@eu-1/namespace").depends_on == {"tables@eu-1/stack"}
    assert "prerequisites" not in engine.named("cart@eu-1/stack").inputs["spec"]


def test_its_name_is_short(deploy: Deploy) -> None:
    """The operator adds to the name: 42 characters at most, and unique when cut."""
    long, other = ("a-name-of-just-forty-characters-in-all-a", "a-name-of-just-forty-characters-in-all-b")
    engine = deploy(child(long, "stack"), child(other, "stack"))
    names = {engine.named(f"{each}@eu-1/stack").inputs["metadata"]["name"] for each in (long, other)}

    assert len(names) == 2
    assert all(len(name) <= 42 for name in names)


def test_a_stack_says_whom_it_runs_as() -> None:
    """There is no account it could take by itself."""
    with pytest.raises(ValidationError, match="service_account"):
        child("tables", "stack", spec={"service_account": None})
