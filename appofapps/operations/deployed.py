"""What was last deployed, as the stack itself records it."""

from collections.abc import Mapping
from typing import Any

from appofapps.engine.results import State
from appofapps.plan import conventions as c

STACK = "pulumi:pulumi:Stack"


def deployed_digest(state: State) -> str:
    """Return the digest of the plan that was last deployed whole; empty when a later run failed, or was ended.

    The program writes the digest twice: into the parent when a run begins, and into the outputs when everything is
    ready. Only when both agree is the stack what the digest says.
    """
    if state.pending:
        return ""
    begun = _of(state, c.PARENT_TYPE, "inputs").get(c.OUTPUT_DIGEST, "")
    ended = _of(state, STACK, "outputs").get(c.OUTPUT_DIGEST, "")
    return str(ended) if begun == ended else ""


def _of(state: State, kind: str, side: str) -> Mapping[str, Any]:
    return next((getattr(found, side) for found in state.resources if found.name.type == kind), {})
