"""The engine's gate, read off an object afterwards."""

import json
from typing import Any

import pytest

from appofapps.observe.readiness import health
from components.kubernetes.gate import condition, equals, gate, seen

PARENT = ".status.parents[0]"
ARGO = gate(equals(".status.sync.revision", "abc"), equals(".status.health.status", "Healthy"))
FLUX = gate(seen(), condition("Ready"), equals(".status.lastAppliedRevision", "sha1:abc"))
ROUTE = gate(condition("Accepted", PARENT))


def document(gates: dict[str, str], status: dict[str, Any]) -> dict[str, Any]:
    """Return an object of generation 2."""
    return {"metadata": {"generation": 2, "annotations": gates}, "spec": {}, "status": status}


def conditions(status: str, generation: int, name: str = "Ready") -> list[dict[str, Any]]:
    """Return one condition among others."""
    return [{"type": "Other", "status": "True", "observedGeneration": 2},
            {"type": name, "status": status, "observedGeneration": generation}]  # fmt: skip


@pytest.mark.parametrize(
    ("gates", "status", "cause"),
    [
        (ARGO, {"sync": {"revision": "abc"}, "health": {"status": "Healthy"}}, ""),
        (ARGO, {"sync": {"revision": "old"}, "health": {"status": "Healthy"}},
         "waits for status.sync.revision to be abc, it is old"),
        (ARGO, {"sync": {"revision": "abc"}, "health": {"status": "Degraded"}},
         "waits for status.health.status to be Healthy, it is Degraded"),
        (ARGO, {}, "waits for status.sync.revision to be abc"),
        (FLUX, {"observedGeneration": 2, "lastAppliedRevision": "sha1:abc", "conditions": conditions("True", 2)}, ""),
        (FLUX, {"observedGeneration": 1, "lastAppliedRevision": "sha1:abc", "conditions": conditions("True", 1)},
         "the controller has not seen the last change yet"),
        (FLUX, {"lastAppliedRevision": "sha1:abc", "conditions": conditions("True", 2)},
         "waits for status.observedGeneration"),
        (FLUX, {"observedGeneration": 2, "lastAppliedRevision": "sha1:old", "conditions": conditions("True", 2)},
         "waits for status.lastAppliedRevision to be sha1:abc, it is sha1:old"),
        (FLUX, {"observedGeneration": 2, "lastAppliedRevision": "sha1:abc", "conditions": conditions("False", 2)},
         "waits for status.conditions.Ready.status to be True, it is False"),
        (ROUTE, {"parents": [{"conditions": conditions("True", 2, "Accepted")}]}, ""),
        (ROUTE, {"parents": [{"conditions": conditions("True", 1, "Accepted")}]},
         "waits for status.parents[0].conditions.Accepted.status to be True"),
        (ROUTE, {"parents": []}, "waits for status.parents[0].conditions.Accepted.status to be True"),
        ({}, {}, ""),
    ],
)  # fmt: skip
def test_missing_stale_or_other_is_not_ready(gates: dict[str, str], status: dict[str, Any], cause: str) -> None:
    """Ready is what the controller says of this generation and this revision; anything less names what is missing."""
    assert health("AnyKind", document(gates, status)).cause == cause


def test_what_others_wait_for_is_left_to_them() -> None:
    """An expression of a form we do not write is not read, and hides nothing."""
    gates = {"pulumi.com/waitFor": json.dumps(["condition=Ready"])}

    assert health("AnyKind", document(gates, {})).ready
