"""The engine's event log, read into our events.

The engine writes one JSON object a line (`--event-log`), secrets masked. Read here as plain JSON and not through
`pulumi.automation.events`, which drops an event whose operation it does not know.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from appofapps.engine.differences import INTERNAL, differing_paths
from appofapps.engine.names import resource_name
from appofapps.engine.results import Change, Diagnostic, Event, Operation, Phase, ResourceName, RunResult, StepEvent
from appofapps.engine.secrets import masked

_STEPS: Mapping[str, Phase] = {
    "resourcePreEvent": Phase.STARTED,
    "resOutputsEvent": Phase.DONE,
    "resOpFailedEvent": Phase.FAILED,
}
_OPERATIONS: Mapping[str, Operation] = {
    "create-replacement": Operation.REPLACE,
    "delete-replaced": Operation.REPLACE,
    "discard-replaced": Operation.REPLACE,
    "remove-pending-replace": Operation.REPLACE,
    "read-replacement": Operation.READ,
    "read-discard": Operation.READ,
    "import-replacement": Operation.IMPORT,
}
_PARTS_OF_REPLACEMENT = frozenset({"replace", "delete-replaced", "discard-replaced", "remove-pending-replace"})
"""A replacement is several steps; the one that makes the new resource, `create-replacement`, stands for it."""
_ALREADY_SAID = frozenset(
    f"{run} {end}" for run in ("update", "preview", "refresh", "destroy") for end in ("failed", "canceled")
)


@dataclass(slots=True)
class Record:
    """What a run has reported so far."""

    changes: dict[str, Change] = field(default_factory=dict)
    open: dict[tuple[str, str], ResourceName] = field(default_factory=dict)
    """Steps begun and not ended, by URN and the engine's operation."""
    failures: dict[tuple[str | None, str], Diagnostic] = field(default_factory=dict)
    outcome: str | None = None
    """The engine's own word at the end: `succeeded`, `failed`; None when it never came so far."""

    def take(self, raw: Mapping[str, Any]) -> Event | None:
        """Take one line of the event log in; return it as an event, if it is one for the reader."""
        for kind, phase in _STEPS.items():
            if kind in raw:
                return self._step(raw[kind]["metadata"], phase, raw.get("timestamp") or time.time())
        if "diagnosticEvent" in raw:
            return self._diagnostic(diagnostic(raw["diagnosticEvent"]))
        if "policyEvent" in raw:
            return self._diagnostic(violation(raw["policyEvent"]))
        self.outcome = raw.get("summaryEvent", {}).get("result", self.outcome)
        return None

    def result(self, *, succeeded: bool, interrupted: bool, seconds: float) -> RunResult:
        """Sum up."""
        return RunResult(
            succeeded=succeeded,
            changes=tuple(self.changes.values()),
            failures=tuple(self.failures.values()),
            unfinished=tuple({name.urn: name for name in self.open.values()}.values()),
            seconds=seconds,
            interrupted=interrupted,
        )

    def _step(self, metadata: Mapping[str, Any], phase: Phase, when: float) -> StepEvent | None:
        # A component is "done" as soon as the program registered it, which says nothing about its resources.
        if not (metadata.get("new") or metadata.get("old") or {}).get("custom"):
            return None
        step = change(metadata)
        urn, operation = step.name.urn, metadata["op"]
        if phase is Phase.STARTED:
            self.open[urn, operation] = step.name
        else:
            # The end of a refresh step says what came of it (`delete`, `update`, `same`), so its beginning is sought.
            self.open.pop((urn, operation), None) or self.open.pop((urn, "refresh"), None)
        if phase is Phase.DONE and operation != "refresh":
            self._keep(urn, operation, step)
        if operation in _PARTS_OF_REPLACEMENT and phase is not Phase.FAILED:
            return None
        return StepEvent(step, phase, float(when))

    def _keep(self, urn: str, operation: str, step: Change) -> None:
        # An earlier run may have left the old resource to be deleted: then that follows a `same` of the new one.
        known = self.changes.get(urn)
        open_yet = known is None or known.operation is Operation.SAME
        if open_yet or operation not in _PARTS_OF_REPLACEMENT - {"replace"}:
            self.changes[urn] = step

    def _diagnostic(self, said: Diagnostic | None) -> Diagnostic | None:
        if said is None or (said.name is None and _is_consequence(said.message)):
            return None
        if said.severity == "error":
            self.failures.setdefault((said.name.urn if said.name else None, said.message), said)
        return said


def _is_consequence(message: str) -> bool:
    """Tell whether an error only follows from one that names its resource.

    The Python SDK raises ResourceRegistrationFailed for what depends on a resource that failed.
    """
    return message in _ALREADY_SAID or "ResourceRegistrationFailed" in message


def change(metadata: Mapping[str, Any]) -> Change:
    """Read a step's metadata."""
    old, new = _inputs(metadata.get("old")), _inputs(metadata.get("new"))
    operation = _OPERATIONS.get(metadata["op"]) or Operation(metadata["op"])
    return Change(resource_name(metadata["urn"]), operation, _properties(metadata, old, new), old, new)


def diagnostic(raw: Mapping[str, Any]) -> Diagnostic | None:
    """Read what the engine, a provider or the program said; None for debugging output."""
    severity = "error" if raw["severity"] == "info#err" else raw["severity"]
    message = raw["message"].strip().removeprefix("error: ")
    if severity == "debug" or not message:
        return None
    if severity == "info" and raw.get("ephemeral"):
        severity = "status"
    return Diagnostic(severity, message, resource_name(raw["urn"]) if raw.get("urn") else None)


def violation(raw: Mapping[str, Any]) -> Diagnostic:
    """Read a policy's violation: an error when the policy is mandatory."""
    severity = "error" if raw["enforcementLevel"] == "mandatory" else "warning"
    message = f"policy {raw['policyName']}: {raw['message'].strip()}"
    return Diagnostic(severity, message, resource_name(raw["resourceUrn"]) if raw.get("resourceUrn") else None)


def _inputs(state: Mapping[str, Any] | None) -> Mapping[str, Any]:
    inputs = (state or {}).get("inputs") or {}
    return {key: masked(value) for key, value in inputs.items() if not key.startswith(INTERNAL)}


def _properties(metadata: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what differs: as the provider says, else by the inputs, else (after a refresh) by what was read."""
    if metadata["op"] == "same" or not metadata.get("old") or not metadata.get("new"):
        return ()
    if metadata.get("detailedDiff"):
        return tuple(metadata["detailedDiff"])
    read = metadata["old"].get("outputs") or {}
    return differing_paths(old, new) or differing_paths({key: read.get(key) for key in new}, new)
