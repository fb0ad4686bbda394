"""The sides `ours`, `full` and `scale`: the product, by `aoa` in a scratch checkout."""

from collections.abc import Mapping

from bench import catalog
from bench.measure import Command, Measured, run
from bench.stage import Stage


def measure(stage: Stage) -> Mapping[str, Measured]:
    """Deploy from nothing, again, preview with refresh, and one child changed; guard rails off."""
    _lay_out(stage, "ours", guardrails="quota")
    up, again = run(_aoa(stage, "ours", "up", "--yes")), run(_aoa(stage, "ours", "up", "--yes", log="again"))
    preview = run(_aoa(stage, "ours", "preview", "--refresh"))
    catalog.release(stage.folder / "catalog", 0)
    changed = run(_aoa(stage, "ours", "up", "--yes", log="changed"))
    return {"up": up, "again": again, "preview_refresh": preview, "one_changed": changed}


def measure_full(stage: Stage) -> Mapping[str, Measured]:
    """Deploy the full child, guard rails on, from nothing and again."""
    _lay_out(stage, "full", guardrails="full")
    up, again = run(_aoa(stage, "full", "up", "--yes")), run(_aoa(stage, "full", "up", "--yes", log="again"))
    return {"full_up": up, "full_again": again}


def measure_scale(stage: Stage, stacks: int) -> Mapping[str, Measured]:
    """Deploy many children as several stacks side by side, divided by a selector on a label."""
    _lay_out(stage, "scale", guardrails="quota", shards=stacks)
    names = [f"scale-{shard}" for shard in range(stacks)]
    for shard, name in enumerate(names):
        stage.write_stack(name, "scale", select={catalog.SHARD: str(shard)})
    return {"scale_up": run(*(_aoa(stage, name, "up", "--yes") for name in names), at_once=stacks)}


def _lay_out(stage: Stage, environment: str, *, guardrails: str, shards: int = 1) -> None:
    stage.link_program()
    catalog.write(stage.folder / "catalog", stage.children, {environment: guardrails}, shards)
    if shards == 1:
        stage.write_stack(environment, environment)


def _aoa(stage: Stage, stack: str, verb: str, *flags: str, log: str = "") -> Command:
    return stage.command(f"{stack}-{log or verb}", "aoa", verb, "--stack", stack, *flags)
