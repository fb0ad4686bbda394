"""The side `plain`: a Pulumi program as a tutorial writes it, by `pulumi up` at default settings."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from bench.measure import Measured, run
from bench.stage import Children, Stage

PROGRAM = Path(__file__).parents[1] / "plain_program.py"
# Set in the sandbox for the product's sake; the plain program is measured without it.
NOT_DEFAULT = ("PULUMI_CONTINUE_ON_ERROR", "PULUMI_PARALLEL")


def measure(stage: Stage, children: Children) -> Mapping[str, Measured]:
    """Run `pulumi up` from nothing."""
    stage.link_python()
    stage.write("Pulumi.yaml", {"name": "plain", "runtime": {"name": "python", "options": {"virtualenv": ".venv"}}})
    stage.write("children.json", children)
    shutil.copy(PROGRAM, stage.folder / "__main__.py")
    plain = {name: value for name, value in stage.environment.items() if name not in NOT_DEFAULT}
    stage = Stage(stage.folder, plain, stage.children)
    run(stage.command("init", "pulumi", "stack", "init", "plain", "--non-interactive"))
    up = stage.command("up", "pulumi", "up", "--stack", "plain", "--yes", "--skip-preview", "--non-interactive")
    return {"plain_up": run(up)}
