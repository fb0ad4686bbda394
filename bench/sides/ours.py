"""The sides `ours`, `one-stack`, `full` and `scale`: the product, by `aoa` in a scratch checkout."""

from collections.abc import Mapping
from math import ceil
from typing import Final

from bench import catalog
from bench.measure import Measured, run
from bench.stage import Stage

PER_STACK: Final = 25
"""Children a stack, chosen by a selector on their label. The engine writes all of a stack's state at every step, so a
stack's time grows with the square of its children (docs/architecture.md, "How big a stack")."""


def measure(stage: Stage) -> Mapping[str, Measured]:
    """Deploy from nothing, again, preview with refresh, and one child changed; guard rails off."""
    _lay_out(stage, "ours", guardrails="quota")
    up, again = _fleet(stage, "ours", "up", "--yes"), _fleet(stage, "ours", "up", "--yes", log="again")
    preview = _fleet(stage, "ours", "preview", "--refresh")
    catalog.release(stage.folder / "catalog", 0)
    changed = _fleet(stage, "ours", "up", "--yes", log="changed")
    return {"up": up, "again": again, "preview_refresh": preview, "one_changed": changed}


def measure_one_stack(stage: Stage) -> Mapping[str, Measured]:
    """Deploy the same children as one stack, from nothing and again."""
    stage.link_program()
    catalog.write(stage.folder / "catalog", stage.children, {"one": "quota"})
    stage.write_stack("one", "one")
    up, again = _up(stage, "one"), _up(stage, "one", log="again")
    return {"one_stack_up": up, "one_stack_again": again}


def measure_full(stage: Stage) -> Mapping[str, Measured]:
    """Deploy the full child, guard rails on, from nothing and again."""
    _lay_out(stage, "full", guardrails="full")
    up, again = _fleet(stage, "full", "up", "--yes"), _fleet(stage, "full", "up", "--yes", log="again")
    return {"full_up": up, "full_again": again}


def measure_scale(stage: Stage) -> Mapping[str, Measured]:
    """Deploy many children from nothing."""
    _lay_out(stage, "scale", guardrails="quota")
    return {"scale_up": _fleet(stage, "scale", "up", "--yes")}


def _lay_out(stage: Stage, environment: str, *, guardrails: str) -> None:
    stage.link_program()
    stacks = ceil(stage.children / PER_STACK)
    catalog.write(stage.folder / "catalog", stage.children, {environment: guardrails}, stacks)
    for shard in range(stacks):
        stage.write_stack(f"{environment}-{shard}", environment, select={catalog.SHARD: str(shard)})


def _fleet(stage: Stage, environment: str, verb: str, *flags: str, log: str = "") -> Measured:
    return run(stage.command(log or verb, "aoa", "fleet", verb, "--env", environment, *flags))


def _up(stage: Stage, stack: str, log: str = "up") -> Measured:
    return run(stage.command(log, "aoa", "up", "--stack", stack, "--yes"))
