"""The deletion budget under plain `pulumi up`."""

import pulumi
import pytest

from appofapps.plan.plan import Address
from components.deletions import guard
from components.last import last_run, read
from tests.components.catalogs import child, cluster, plan
from tests.components.engine import run

TWO = (cluster("eu-1"), cluster("us-1", "us-east-1"))
PREFIX = "urn:pulumi:test::app-of-apps::appofapps:components:ParentApp$"


def state(*names: str) -> dict[str, object]:
    """Return a state with children and what else there is."""
    children = {
        f"{PREFIX}appofapps:components:{kind}::{name}@eu-1": {} for name in names for kind in ("Workload", "Tenancy")
    }
    deployment = f"{PREFIX}appofapps:components:Workload$kubernetes:apps/v1:Deployment::other@eu-1/deployment"
    return {**children, "urn:pulumi:test::app-of-apps::pulumi:pulumi:Stack::app": {}, deployment: {}}


def test_children_are_found_by_their_components() -> None:
    """Resources, providers and the stack itself are no children."""
    assert read(state("cart", "db")).children() == {Address("cart", "eu-1"), Address("db", "eu-1")}


def test_too_many_removals_end_the_run() -> None:
    """The program is refused before it registers anything, and says what to type."""
    with pytest.raises(pulumi.RunError, match=r"3 of 4 children \(a, b, c\)[\s\S]*config set confirm-deletions 3"):
        run(lambda: guard(plan(child("cart")), pulumi.Config(), last_run()), state("a", "b", "c", "cart"))


def test_a_new_stack_and_a_small_change_pass() -> None:
    """Nothing deployed yet, or one child less."""
    for urns in ({}, state("cart"), state("cart", "old")):
        run(lambda: guard(plan(child("cart")), pulumi.Config(), last_run()), urns)


def test_a_confirmed_number_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """`confirm-deletions` is the number a person has agreed to."""
    monkeypatch.setattr(pulumi.Config, "get_int", lambda _self, key: 3 if key == "confirm-deletions" else None)

    run(lambda: guard(plan(child("cart")), pulumi.Config(), last_run()), state("a", "b", "c", "cart"))


def test_a_paused_child_loses_no_place() -> None:
    """Its file moved it elsewhere: the run is refused, with the way out, whatever the budget allows."""
    paused = {"reason": "incident 12", "owner": "shop", "until": "2027-01-01"}
    moved = plan(child("cart", paused=paused, target={"clusters": {"name": "us-1"}}), clusters=TWO)

    with pytest.raises(pulumi.RunError, match=r"cart@eu-1: is deployed and paused[\s\S]*aoa resume cart"):
        run(lambda: guard(moved, pulumi.Config(), last_run()), state("cart"))
