"""Reading the stack's own state while the engine writes it."""

from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

from appofapps.plan.plan import Address
from components import last

URN = "urn:pulumi:test::app-of-apps::appofapps:components:ParentApp$appofapps:components:Workload::cart@eu-1"


def answering(monkeypatch: pytest.MonkeyPatch, *answers: Any) -> None:
    """Let the engine answer so, one call after the other."""
    left = list(answers)

    def invoke(_token: str, _arguments: Any) -> Any:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return SimpleNamespace(value=answer)

    monkeypatch.setattr(pulumi.runtime, "invoke", invoke)


def test_a_state_that_is_being_written_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file backend answers EOF for a moment; the run goes on."""
    torn = Exception("invoke failed: failed to load checkpoint: EOF")
    answering(monkeypatch, torn, torn, {"outputs": {URN: {}}})

    assert last.last_run().children() == {Address("cart", "eu-1")}


def test_any_other_failure_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without knowing what is deployed, the deletion budget cannot be kept."""
    answering(monkeypatch, Exception("invoke failed: access denied"))

    with pytest.raises(Exception, match="access denied"):
        last.last_run()
