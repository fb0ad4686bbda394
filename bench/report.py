"""What came out: medians, ratios against their targets, a table for people and a document for programs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from rich.table import Table

from bench.measure import Measured
from bench.sides.ours import PER_STACK

STEPS: Final = {
    "up": "aoa fleet up, from nothing",
    "again": "aoa fleet up, nothing changed",
    "preview_refresh": "aoa fleet preview --refresh, nothing changed",
    "one_changed": "aoa fleet up, one child changed",
    "plain_up": "pulumi up of a plain program, from nothing",
    "kubectl_apply": "kubectl apply --server-side, and wait",
    "kubectl_diff": "kubectl diff --server-side",
    "helm_install": "helm install --wait, 8 at a time",
    "helm_upgrade": "helm upgrade --wait, nothing changed",
    "one_stack_up": "aoa up of all as one stack, from nothing",
    "one_stack_again": "aoa up of all as one stack, nothing changed",
    "full_up": "aoa fleet up, from nothing, full child",
    "full_again": "aoa fleet up, nothing changed, full child",
    "scale_up": "aoa fleet up, the scaled run, from nothing",
    "tenants_at_once": "aoa fleet up, ten tenants of five children at once",
    "tenants_in_turn": "aoa fleet up, the same tenants one after another",
    "tenants_poisoned": "aoa fleet up, at once, one tenant poisoned: nine succeed",
}
RATIOS: Final = {
    "up_vs_plain": ("up", "plain_up", 0.25),
    "up_vs_helm": ("up", "helm_install", 1.0),
    "again_vs_helm": ("again", "helm_upgrade", 0.5),
    "up_vs_kubectl": ("up", "kubectl_apply", None),
    "one_stack_vs_plain": ("one_stack_up", "plain_up", None),
    "one_stack_vs_helm": ("one_stack_up", "helm_install", None),
    "one_stack_again_vs_helm": ("one_stack_again", "helm_upgrade", None),
    "preview_vs_diff": ("preview_refresh", "kubectl_diff", None),
    "full_vs_up": ("full_up", "up", None),
    "tenants_at_once_vs_one_after_another": ("tenants_at_once", "tenants_in_turn", 0.7),
}
# Four times the children in at most 4.5 times the time.
SCALE_OVERHEAD: Final = 4.5 / 4
PLANNING_LIMITS: Final = {"total_seconds": 10.0, "plan_seconds": 2.0, "memory_mb": 500.0}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One figure beside the most it may be; None where nothing is promised."""

    name: str
    value: float
    limit: float | None

    @property
    def missed(self) -> bool:
        """Whether the figure is over its limit."""
        return self.limit is not None and self.value > self.limit

    @property
    def word(self) -> str:
        """Say how the figure stands."""
        return "" if self.limit is None else "missed" if self.missed else "reached"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one run measured."""

    n: int
    scale: int
    rounds: int
    runs: Mapping[str, Sequence[Measured]]
    """Each step's measurements, one a round."""
    resources: Mapping[str, Mapping[str, int]]
    """What each side made, counted by kind."""
    planning: Mapping[str, float]
    machine: Mapping[str, object]
    versions: Mapping[str, str]

    @property
    def seconds(self) -> dict[str, float]:
        """The median time of each step."""
        return {name: round(median(run.seconds for run in runs), 2) for name, runs in self.runs.items()}

    @property
    def cpu_seconds(self) -> dict[str, float]:
        """The median processor time of each step: how busy it keeps the machine, whoever else works on it."""
        return {name: round(median(run.cpu_seconds for run in runs), 2) for name, runs in self.runs.items()}

    @property
    def memory_mb(self) -> dict[str, int]:
        """The median peak of each step."""
        return {name: round(median(run.memory_mb for run in runs)) for name, runs in self.runs.items()}

    def ratios(self) -> list[Verdict]:
        """Compare the steps that were measured."""
        scaled = (f"n{self.scale}_vs_n{self.n}", ("scale_up", "up", SCALE_OVERHEAD * self.scale / self.n))
        seconds = self.seconds
        return [
            Verdict(name, round(seconds[ours] / seconds[other], 3), limit)
            for name, (ours, other, limit) in [*RATIOS.items(), scaled]
            if ours in seconds and other in seconds
        ]

    def planning_verdicts(self) -> list[Verdict]:
        """Judge the planning of the big catalog."""
        return [Verdict(name, value, PLANNING_LIMITS.get(name)) for name, value in self.planning.items()]

    @property
    def missed(self) -> list[str]:
        """The names of the figures over their limit."""
        return [verdict.name for verdict in [*self.ratios(), *self.planning_verdicts()] if verdict.missed]

    def document(self) -> dict[str, Any]:
        """Give it all as data, for `bench.json`."""
        verdicts = [*self.ratios(), *(v for v in self.planning_verdicts() if v.limit is not None)]
        return {
            "n": self.n,
            "scale": self.scale,
            "per_stack": PER_STACK,
            "rounds": self.rounds,
            "seconds": self.seconds,
            "ratios": {verdict.name: verdict.value for verdict in self.ratios()},
            "cpu_seconds": self.cpu_seconds,
            "memory_mb": self.memory_mb,
            "planning": dict(self.planning),
            "targets": {v.name: {"at_most": v.limit, "reached": not v.missed} for v in verdicts if v.limit is not None},
            "resources": {side: dict(kinds) for side, kinds in self.resources.items()},
            "runs": {name: [round(run.seconds, 2) for run in runs] for name, runs in self.runs.items()},
            "machine": dict(self.machine),
            "versions": dict(self.versions),
        }

    def tables(self) -> list[Table]:
        """Give it as tables for people."""
        return [self._steps(), *([self._verdicts()] if self.missed or self.ratios() or self.planning else [])]

    def _steps(self) -> Table:
        title = f"{self.n} children in stacks of {PER_STACK} (scaled run: {self.scale}), median of {self.rounds}"
        table = Table("step", title=title)
        for heading in ("seconds", "of each round", "processor", "memory, MB"):
            table.add_column(heading, justify="right")
        for name, text in STEPS.items():
            if name in self.runs:
                each = " ".join(f"{run.seconds:.1f}" for run in self.runs[name])
                table.add_row(
                    text, f"{self.seconds[name]:.1f}", each, f"{self.cpu_seconds[name]:.1f}", str(self.memory_mb[name])
                )
        return table

    def _verdicts(self) -> Table:
        table = Table("ratio or limit")
        for heading in ("value", "at most", ""):
            table.add_column(heading, justify="right")
        planning = [Verdict(f"planning: {v.name}", v.value, v.limit) for v in self.planning_verdicts()]
        for verdict in [*self.ratios(), *planning]:
            limit = "" if verdict.limit is None else f"{verdict.limit:g}"
            table.add_row(verdict.name, f"{verdict.value:g}", limit, verdict.word)
        return table


def gathered(measurements: Sequence[Mapping[str, Measured]]) -> dict[str, list[Measured]]:
    """Bring the rounds of each step together."""
    runs: defaultdict[str, list[Measured]] = defaultdict(list)
    for measurement in measurements:
        for name, measured in measurement.items():
            runs[name].append(measured)
    return dict(runs)
