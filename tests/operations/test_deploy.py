"""`up`: when the engine runs, when a guard says no, and what is reported."""

import pytest

from appofapps.catalog.models.parent import StackTarget
from appofapps.engine.results import Lock, LockedError, Operation, Phase, State, StateResource
from appofapps.observe.health import Condition, Health, unknown
from appofapps.operations.deploy import Wish, deploy
from appofapps.operations.preview import PreviewReport
from appofapps.operations.refusal import RefusedError
from appofapps.operations.report import Outcome, RunReport
from appofapps.operations.talk import Talk
from tests.operations.fakes import (
    FakeEngine,
    FakeWorld,
    catalog,
    change,
    child,
    failure,
    function,
    name_of,
    result,
    session,
    state,
    steps,
)

CREATE, UPDATE, SAME, DELETE = Operation.CREATE, Operation.UPDATE, Operation.SAME, Operation.DELETE


def outcomes(report: RunReport) -> dict[str, str]:
    """Return the outcome of each child."""
    return {str(found.address): found.outcome.value for found in report.children}


def refusals(engine: FakeEngine, world: FakeWorld, *children: dict, wish: Wish | None = None, **options) -> str:
    """Return what a refused run says; the engine must not have run."""
    with pytest.raises(RefusedError) as refused:
        deploy(session(catalog(*children, **options), engine, world), wish or Wish())
    assert not engine.asked("up")
    return "\n".join(f"{each.where}: {each.message} ({each.hint})" for each in refused.value.refusals)


def test_a_new_stack_is_deployed_without_asking_the_engine_first() -> None:
    """A preview of a stack that has nothing yet costs time and tells nothing."""
    engine = FakeEngine(does=result(change("cart@eu-1", CREATE)))
    report = deploy(session(catalog(child("cart")), engine), Wish())
    assert (outcomes(report), report.exit_code) == ({"cart@eu-1": "deployed"}, 0)
    assert not engine.asked("preview")


def test_without_changes_the_engine_does_not_run_again() -> None:
    """The preview said it all."""
    engine = FakeEngine(now=state("cart@eu-1"), would=result(change("cart@eu-1", SAME)))
    report = deploy(session(catalog(child("cart")), engine), Wish())
    assert (outcomes(report), report.exit_code, report.changed) == ({"cart@eu-1": "unchanged"}, 0, False)
    assert not engine.asked("up")


def test_what_a_killed_run_left_of_a_component_goes() -> None:
    """Nothing stands behind a component, so that the preview tells no change; the state knows it all the same."""
    component = StateResource(name_of("gone@eu-1", "", "appofapps:components:Workload"), "", {}, {}, custom=False)
    before = State((*state("cart@eu-1").resources, component), ())
    engine = FakeEngine(now=before, would=result(change("cart@eu-1", SAME)), does=result(change("cart@eu-1", SAME)))
    deploy(session(catalog(child("cart")), engine), Wish())
    assert engine.asked("up")


def test_what_needs_a_child_that_its_preview_fails_for_counts_as_not_started() -> None:
    """A chart that cannot be rendered: the engine does not come to what needs it, neither before nor in the run."""
    broken = failure("cart@eu-1", "template: no such value", resource="")
    change_of_other = change("other@eu-1", UPDATE)
    engine = FakeEngine(
        now=state("cart@eu-1", "web@eu-1", "far@eu-1", "other@eu-1"),
        would=result(change_of_other, failures=[broken]),
        does=result(change_of_other, failures=[broken]),
    )
    children = child("cart"), child("web", "cart"), child("far", "web"), child("other")
    report = deploy(session(catalog(*children), engine), Wish())
    assert outcomes(report) == {
        "cart@eu-1": "failed", "web@eu-1": "not started", "far@eu-1": "not started", "other@eu-1": "deployed",
    }  # fmt: skip
    assert report.exit_code == 1


def test_a_failed_child_leaves_its_dependents_not_started_and_the_unrelated_deployed() -> None:
    """The summary names each, with the cause the pods give."""
    engine = FakeEngine(
        does=result(change("search@eu-1", CREATE), failures=[failure("cart@eu-1", "timed out waiting")])
    )
    world = FakeWorld(causes={"cart@eu-1": "ImagePullBackOff: Back-off pulling image"})
    files = catalog(child("cart"), child("web", "cart"), child("search"))
    report = deploy(session(files, engine, world), Wish())
    assert outcomes(report) == {"cart@eu-1": "failed", "search@eu-1": "deployed", "web@eu-1": "not started"}
    causes = {found.address.child: found.cause for found in report.children}
    assert causes["cart"] == "ImagePullBackOff: Back-off pulling image"
    assert causes["web"] == "needs cart@eu-1 (failed)"
    assert report.exit_code == 1


def test_a_new_child_needs_an_unchanged_one_that_is_well() -> None:
    """The engine looks at what it changes only, so the rest is looked at before."""
    engine = FakeEngine(
        now=state("cart@eu-1"), would=result(change("cart@eu-1", SAME), change("web@eu-1", CREATE)),
        does=result(change("cart@eu-1", SAME), change("web@eu-1", CREATE)),
    )  # fmt: skip
    report = deploy(session(catalog(child("cart"), child("web", "cart")), engine), Wish())
    assert outcomes(report) == {"cart@eu-1": "unchanged", "web@eu-1": "deployed"}


@pytest.mark.parametrize(
    "health", [Health(Condition.NOT_READY, "0 of 1 pods available"), Health(Condition.MISSING), unknown("no answer")]
)
def test_a_dependency_broken_by_hand_stops_its_dependents_release(health: Health) -> None:
    """Not ready, missing and unknown are all not ready; dependent and need are named."""
    engine = FakeEngine(
        now=state("cart@eu-1", "web@eu-1"), would=result(change("cart@eu-1", SAME), change("web@eu-1", UPDATE))
    )
    said = refusals(engine, FakeWorld(health={"cart@eu-1": health}), child("cart"), child("web", "cart"))
    assert said.startswith(f"web@eu-1: needs cart@eu-1, which is {health.condition}")


def test_a_broken_dependency_that_this_run_repairs_is_no_reason_to_refuse() -> None:
    """What changes is gated by the engine itself."""
    both = (change("cart@eu-1", UPDATE), change("web@eu-1", UPDATE))
    engine = FakeEngine(now=state("cart@eu-1", "web@eu-1"), would=result(*both), does=result(*both))
    world = FakeWorld(health={"cart@eu-1": Health(Condition.NOT_READY)})
    report = deploy(session(catalog(child("cart"), child("web", "cart")), engine, world), Wish(refresh=True))
    assert report.exit_code == 0


def test_removing_more_children_than_the_budget_is_refused_until_confirmed() -> None:
    """An empty or shrunken catalog deletes nothing by accident."""
    now = state("cart@eu-1", "web@eu-1", "search@eu-1")
    gone = result(change("cart@eu-1", SAME), change("web@eu-1", DELETE), change("search@eu-1", DELETE))
    said = refusals(FakeEngine(now=now, would=gone), FakeWorld(), child("cart"))
    assert "would remove 2 of 3 children (search, web)" in said
    assert "--confirm-deletions 2" in said
    engine = FakeEngine(now=now, would=gone, does=gone)
    report = deploy(session(catalog(child("cart")), engine), Wish(confirm_deletions=2))
    assert outcomes(report) == {"cart@eu-1": "unchanged", "search@eu-1": "removed", "web@eu-1": "removed"}


def test_where_nobody_can_look_nothing_is_created() -> None:
    """A cluster that answers, and does not let us list: what exists there would be taken over silently."""
    said = refusals(FakeEngine(), FakeWorld(closed={"eu-1": "answers 403 Forbidden"}), child("cart"))
    assert said.startswith("eu-1: nobody can tell what exists there already: answers 403 Forbidden (let the deployer")


def test_a_type_that_a_cluster_does_not_know_is_refused() -> None:
    """Else its namespace is made, and then the object fails. What the child needs may bring the definition."""
    secret = {"variable": "KEY", "external_secret": {"store": "vault", "key": "cart"}}
    world = FakeWorld(unknown=frozenset({"external-secrets.io/v1:ExternalSecret", "argoproj.io/v1alpha1:Application"}))
    said = refusals(FakeEngine(), world, child("cart", secrets=[secret]))
    assert said.startswith("cart@eu-1: eu-1 knows no ExternalSecret (external-secrets.io/v1): its definition is not")

    operator = {
        **child("operator"),
        "kind": "manifests",
        "spec": {"folder": "x", "cluster_scoped": ["CustomResourceDefinition"]},
    }
    del operator["profiles"]
    engine = FakeEngine(does=result(change("cart@eu-1", CREATE)))
    files = catalog(operator, child("cart", "operator", secrets=[secret]))
    deploy(session(files, engine, world), Wish())
    assert engine.asked("up")


def test_what_exists_without_our_labels_is_refused_by_name() -> None:
    """The provider would adopt it silently."""
    said = refusals(FakeEngine(), FakeWorld(foreign=["dev-cart"]), child("cart"), child("web", "cart"))
    assert "cart@eu-1: Namespace dev-cart in eu-1 exists and is not ours" in said
    assert "adopt: true" in said


def test_an_object_inside_a_namespace_is_claimed_when_the_preview_creates_it() -> None:
    """After the first deployment the preview says what is created, by its physical name."""
    created = {"metadata": {"name": "cart", "namespace": "dev-cart"}}
    engine = FakeEngine(now=state("web@eu-1"), would=result(change("cart@eu-1", CREATE, new=created)))
    said = refusals(engine, FakeWorld(foreign=["cart"]), child("cart"))
    assert "Deployment dev-cart/cart in eu-1" in said


def test_adopt_takes_over_what_exists() -> None:
    """A person said so."""
    engine = FakeEngine(does=result(change("cart@eu-1", CREATE)))
    report = deploy(session(catalog(child("cart", adopt=True)), engine, FakeWorld(foreign=["dev-cart"])), Wish())
    assert report.exit_code == 0


def test_credentials_of_another_account_are_refused() -> None:
    """Functions would go to the wrong company."""
    said = refusals(FakeEngine(), FakeWorld(aws_account="999999999999"), function("mail"))
    assert "account 999999999999" in said


def test_a_cluster_out_of_reach_stops_nobody_else_and_nothing_is_deleted() -> None:
    """Its children are named as missing there; the other cluster is deployed."""
    engine = FakeEngine(
        does=result(change("cart@eu-1", CREATE), failures=[failure("cart@us-1", "cluster unreachable")])
    )
    world = FakeWorld(down={"us-1": "does not answer"})
    report = deploy(session(catalog(child("cart"), clusters=("eu-1", "us-1")), engine, world), Wish())
    assert outcomes(report) == {"cart@eu-1": "deployed", "cart@us-1": "out of reach"}
    assert (report.unreachable, report.exit_code) == ({"us-1": "does not answer"}, 1)


def test_an_unchanged_child_in_a_cluster_out_of_reach_is_still_reported() -> None:
    """No change is no proof that it runs."""
    same = [change("cart@eu-1", SAME), change("cart@us-1", SAME)]
    engine = FakeEngine(now=state("cart@eu-1", "cart@us-1"), would=result(*same))
    world = FakeWorld(down={"us-1": "does not answer"})
    report = deploy(session(catalog(child("cart"), clusters=("eu-1", "us-1")), engine, world), Wish())
    assert (outcomes(report)["cart@us-1"], report.exit_code) == ("out of reach", 1)


def test_only_takes_the_needs_along_and_nothing_else() -> None:
    """The engine is given the child, its needs, their parent and providers."""
    engine = FakeEngine(does=result(change("cart@eu-1", CREATE), change("web@eu-1", CREATE)))
    files = catalog(child("cart"), child("web", "cart"), child("search"))
    report = deploy(session(files, engine), Wish(only=("web",)))
    assert set(outcomes(report)) == {"cart@eu-1", "web@eu-1"}
    targets = engine.calls[0][1]["targets"]
    assert {"**::web@eu-1", "**::cart@eu-1/**", "**::shop"} <= set(targets)
    assert not any("search" in target for target in targets)


def test_only_an_unknown_child_is_refused_with_the_known_ones() -> None:
    """A misspelt name must not deploy everything, or nothing."""
    said = refusals(FakeEngine(), FakeWorld(), child("cart"), wish=Wish(only=("crat",)))
    assert "crat: no such child in this stack (children: cart)" in said


def test_nothing_happens_without_a_yes() -> None:
    """The question shows what would change; a no leaves all as it is."""
    asked: list[PreviewReport] = []
    engine = FakeEngine()
    talk = Talk(confirm=lambda preview: bool(asked.append(preview)))
    report = deploy(session(catalog(child("cart")), engine), Wish(), talk)
    assert [str(found.address) for found in asked[0].children] == ["cart@eu-1"]
    assert (report.exit_code, engine.asked("up")) == (1, False)


def test_a_live_lock_is_not_touched() -> None:
    """Who holds it is in the message."""
    engine = FakeEngine(held=Lock("laptop", 4711, "2026-11-23T10:00:00Z", "ada", live=True))
    with pytest.raises(LockedError, match="ada@laptop, process 4711"):
        deploy(session(catalog(child("cart")), engine), Wish())


def test_an_interrupt_says_what_is_unfinished() -> None:
    """Ctrl-C is handed to the engine, which ends by itself; the next run takes up the rest."""
    engine = FakeEngine(
        does=result(change("cart@eu-1", CREATE), unfinished=(name_of("web@eu-1", "deployment"),), interrupted=True)
    )
    report = deploy(session(catalog(child("cart"), child("web", "cart")), engine), Wish())
    assert outcomes(report) == {"cart@eu-1": "deployed", "web@eu-1": "unfinished"}
    assert (report.unfinished, report.exit_code) == (("web@eu-1/deployment",), 1)


def test_an_error_of_the_program_belongs_to_no_child() -> None:
    """It is reported, and nothing is tried."""
    engine = FakeEngine(now=state("cart@eu-1"), would=result(failures=[failure(None, "policy no-latest: …")]))
    report = deploy(session(catalog(child("cart")), engine), Wish())
    assert (report.failures, report.exit_code) == (("policy no-latest: …",), 1)
    assert not engine.asked("up")


def test_what_a_failed_preview_would_have_changed_counts_as_unchanged() -> None:
    """Nothing was deployed or removed, whatever the engine planned before a policy stopped it."""
    planned = change("cart@eu-1", UPDATE), change("old@eu-1", DELETE)
    engine = FakeEngine(
        now=state("cart@eu-1", "old@eu-1"), would=result(*planned, failures=[failure(None, "policy no-latest: …")])
    )
    report = deploy(session(catalog(child("cart")), engine), Wish(confirm_deletions=1))
    assert (outcomes(report), report.changed, report.exit_code) == ({"cart@eu-1": "unchanged"}, False, 1)


def test_a_need_of_another_stack_must_be_live_first() -> None:
    """The stack that runs it is named, with the command."""
    stacks = {
        "dev": StackTarget(environment="dev", select={"name": "web"}),
        "base": StackTarget(environment="dev", select={"name": "cart"}),
    }
    engine, world = FakeEngine(), FakeWorld(health={"cart@eu-1": Health(Condition.MISSING)})
    with pytest.raises(RefusedError) as refused:
        deploy(session(catalog(child("cart"), child("web", "cart")), engine, world, stacks), Wish())
    (refusal,) = refused.value.refusals
    assert (refusal.where, refusal.hint) == ("web@eu-1", "aoa up --stack base")
    world = FakeWorld()
    engine = FakeEngine(does=result(change("web@eu-1", CREATE)))
    assert deploy(session(catalog(child("cart"), child("web", "cart")), engine, world, stacks), Wish()).exit_code == 0


def test_the_time_of_each_child_is_reported() -> None:
    """From its first step to its last."""
    events = steps("cart@eu-1", CREATE, Phase.STARTED, Phase.DONE)
    engine = FakeEngine(does=result(change("cart@eu-1", CREATE)), events=events)
    report = deploy(session(catalog(child("cart")), engine), Wish())
    assert (report.children[0].seconds, report.children[0].outcome) == (1.0, Outcome.DEPLOYED)


def test_a_step_that_the_interrupt_cancelled_is_unfinished_not_failed() -> None:
    """Providers report it as an error, and the program ends with another; neither is news."""
    said = [failure("cart@eu-1", "update failed: context canceled"), failure(None, "KeyboardInterrupt")]
    engine = FakeEngine(does=result(failures=said, interrupted=True))
    report = deploy(session(catalog(child("cart")), engine), Wish())
    assert (outcomes(report), report.failures, report.exit_code) == ({"cart@eu-1": "unfinished"}, (), 1)


def test_a_deletion_policy_is_deployed_though_nothing_changes() -> None:
    """The engine sees no difference in it, and the data depends on its being recorded."""
    engine = FakeEngine(state("cart@eu-1"), would=result(change("cart@eu-1", Operation.SAME)),
                        does=result(change("cart@eu-1", Operation.SAME)))  # fmt: skip
    report = deploy(session(catalog(child("cart", deletion_policy="retain")), engine), Wish())
    assert engine.asked("up")
    assert (report.exit_code, report.changed) == (0, False)
