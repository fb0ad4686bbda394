"""The engine's events, from lines of its log."""

from typing import Any

import pytest

from appofapps.engine.events import Record
from appofapps.engine.results import Diagnostic, Operation, Phase, StepEvent
from appofapps.plan.plan import Address

PREFIX = "urn:pulumi:dev::app-of-apps::appofapps:components:ParentApp$appofapps:components:Workload"
KIND = "kubernetes:apps/v1:Deployment"
CART = f"{PREFIX}${KIND}::cart@eu-1/deployment"


def step(event: str, operation: str, urn: str = CART, **more: Any) -> dict[str, Any]:
    """Return a line about a step."""
    state = {"urn": urn, "type": KIND, "custom": True, "inputs": {}, "outputs": {}}
    metadata = {"op": operation, "urn": urn, "type": KIND, "old": None, "new": state, "detailedDiff": None, **more}
    return {"timestamp": 7, event: {"metadata": metadata}}


def state(**inputs: Any) -> dict[str, Any]:
    """Return one side of a step."""
    return {"custom": True, "inputs": inputs, "outputs": {}}


def said(severity: str, message: str, urn: str = "", **more: Any) -> dict[str, Any]:
    """Return a line with a diagnostic."""
    return {"diagnosticEvent": {"severity": severity, "message": message, "urn": urn, **more}}


def test_step_names_its_child() -> None:
    """A step is told with the child it belongs to and the resource's name in it."""
    event = Record().take(step("resourcePreEvent", "create"))

    assert isinstance(event, StepEvent)
    assert event.change.name.child == Address("cart", "eu-1")
    assert (event.change.name.resource, event.change.name.type) == ("deployment", KIND)
    assert (event.phase, event.time) == (Phase.STARTED, 7)


def test_provider_belongs_to_no_child() -> None:
    """A provider is told under its own name."""
    event = Record().take(step("resOutputsEvent", "same", "urn:pulumi:dev::app-of-apps::pulumi:providers:aws::aws-eu"))

    assert isinstance(event, StepEvent)
    assert (event.change.name.child, event.change.name.resource) == (None, "aws-eu")


def test_components_are_left_out() -> None:
    """A component is done once registered, which says nothing; so it is not told."""
    assert Record().take(step("resOutputsEvent", "create", f"{PREFIX}::cart@eu-1", new={"custom": False})) is None


def test_replacement_is_one_change() -> None:
    """The steps of a replacement are one change and one event, whatever their order."""
    record = Record()
    old, new = state(name="a"), state(name="b")
    lines = [
        step("resOutputsEvent", "delete-replaced", old=old, new=None),
        step("resOutputsEvent", "replace", old=old, new=new),
        step("resOutputsEvent", "create-replacement", old=old, new=new),
        step("resOutputsEvent", "delete-replaced", old=old, new=None),
    ]

    events = [event for line in lines if (event := record.take(line))]

    (change,) = record.result(succeeded=True, interrupted=False, seconds=0).changes
    assert change.operation is Operation.REPLACE
    assert (change.old, change.new, change.properties) == ({"name": "a"}, {"name": "b"}, ("name",))
    assert len(events) == 1


def test_rest_of_a_replacement_is_a_change() -> None:
    """What an interrupted run left to be deleted is something to do, though the new resource stays the same."""
    record = Record()
    record.take(step("resOutputsEvent", "same", old=state(name="b"), new=state(name="b")))
    record.take(step("resOutputsEvent", "delete-replaced", old=state(name="a"), new=None))

    (change,) = record.result(succeeded=True, interrupted=False, seconds=0).changes
    assert change.operation is Operation.REPLACE


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 2}, ("a",)),
        ({"spec": {"c": [{"image": "x"}]}}, {"spec": {"c": [{"image": "y"}]}}, ("spec.c[0].image",)),
        ({"tags": ["x"]}, {"tags": ["x", "y"]}, ("tags",)),
        ({"__defaults": []}, {"__defaults": ["a"]}, ()),
        ({"gone": 1}, {"new": 1}, ("gone", "new")),
    ],
)
def test_differences_by_inputs(old: dict[str, Any], new: dict[str, Any], expected: tuple[str, ...]) -> None:
    """Where the provider does not say what differs, the inputs do."""
    record = Record()
    record.take(step("resOutputsEvent", "update", old=state(**old), new=state(**new)))

    assert next(iter(record.changes.values())).properties == expected


def test_differences_by_provider() -> None:
    """What the provider says about a difference counts."""
    record = Record()
    diff = {"spec.replicas": {"diffKind": "update"}}
    record.take(step("resOutputsEvent", "update", old=state(a=1), new=state(a=2), detailedDiff=diff))

    assert next(iter(record.changes.values())).properties == ("spec.replicas",)


def test_secrets_are_masked() -> None:
    """A sealed value is shown as a mask, at any depth."""
    sealed = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "AAAB"}
    event = Record().take(step("resourcePreEvent", "create", new=state(env=[{"value": sealed}])))

    assert isinstance(event, StepEvent)
    assert event.change.new == {"env": [{"value": "[secret]"}]}


def test_unfinished() -> None:
    """What began and neither ended nor failed is unfinished; a refresh may end under another name."""
    record = Record()
    record.take(step("resourcePreEvent", "refresh"))
    record.take(step("resOutputsEvent", "update", old=state(), new=state()))
    record.take(step("resourcePreEvent", "create", f"{CART}-2"))
    record.take(step("resOpFailedEvent", "create", f"{CART}-2"))
    record.take(step("resourcePreEvent", "create", f"{CART}-3"))

    result = record.result(succeeded=False, interrupted=True, seconds=1)

    assert [name.urn for name in result.unfinished] == [f"{CART}-3"]
    assert [change.operation for change in result.changes] == [Operation.UPDATE]


def test_errors_are_named_once() -> None:
    """The same error twice is one failure, and what only follows from it is none."""
    record = Record()
    for line in (
        said("error", "no such image\n", CART),
        said("error", "no such image\n", CART),
        said("info#err", "error: Program failed: ResourceRegistrationFailed: cart"),
        said("error", "update failed\n"),
        said("warning", "old API", CART),
    ):
        record.take(line)

    assert [failure.message for failure in record.failures.values()] == ["no such image"]


def test_progress_of_a_wait_is_a_status() -> None:
    """How a wait is going is told as a status; debugging output is not told."""
    event = Record().take(said("info", "[1/2] Waiting", CART, ephemeral=True))

    assert isinstance(event, Diagnostic)
    assert (event.severity, event.message) == ("status", "[1/2] Waiting")
    assert Record().take(said("debug", "registering")) is None


def test_mandatory_policy_is_a_failure() -> None:
    """A violated mandatory policy is an error of its resource, an advisory one a warning."""
    record = Record()
    violation = {"policyName": "digest", "message": "no digest", "resourceUrn": CART, "enforcementLevel": "mandatory"}
    record.take({"policyEvent": violation})
    warning = record.take({"policyEvent": {**violation, "enforcementLevel": "advisory"}})

    assert [failure.message for failure in record.failures.values()] == ["policy digest: no digest"]
    assert isinstance(warning, Diagnostic)
    assert warning.severity == "warning"
