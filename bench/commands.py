"""The command line of the benchmark: `python -m bench`, called by `make bench`."""

import argparse
import json
import shutil
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

from rich.console import Console

from bench import cluster as clusters
from bench import planning
from bench.documents import documents
from bench.machine import IDLE, machine, settle, versions
from bench.measure import BenchError, Measured
from bench.report import Report, gathered
from bench.sides import gameday, helm, kubectl, ours, plain
from bench.stage import Stage
from sandbox.progress import Progress

CODE = Path(__file__).resolve().parents[1]
# Folders are kept after a run, for their logs, and replaced by the next one.
WORK = CODE / "build" / "bench"
RESULT = CODE / "bench.json"
PLANNED = 10_000
SAME = ("ours", "plain", "kubectl", "helm", "one-stack")
"""The sides whose resources have to be the same."""
MISSED, COULD_NOT_RUN = 1, 3

Side = Callable[[Stage], Mapping[str, Measured]]


def _other(name: str, measure: Callable[..., Mapping[str, Measured]], stage: Stage) -> Mapping[str, Measured]:
    return measure(stage, documents(stage.folder, name, stage.children))


SIDES: Final[Mapping[str, Side]] = {
    "ours": ours.measure,
    "plain": partial(_other, "plain", plain.measure),
    "kubectl": partial(_other, "kubectl", kubectl.measure),
    "helm": partial(_other, "helm", helm.measure),
    "one-stack": ours.measure_one_stack,
    "full": ours.measure_full,
    "scale": ours.measure_scale,
    "gameday": gameday.measure_at_once,
    "gameday-in-turn": gameday.measure_in_turn,
    "gameday-poisoned": gameday.measure_poisoned,
}
"""Every side, in the order of a round."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report: 0 every target reached, 1 one missed, 3 could not measure."""
    options = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _stop)
    try:
        report = measure(options)
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return COULD_NOT_RUN
    except KeyboardInterrupt:
        print("\nbench: interrupted; everything it started is stopped", file=sys.stderr)
        return 130
    RESULT.write_text(json.dumps(report.document(), indent=2) + "\n")
    console = Console()
    for table in report.tables():
        console.print(table)
    console.print(f"written: {RESULT.name}" + (f"; missed: {', '.join(report.missed)}" if report.missed else ""))
    return MISSED if report.missed else 0


def parser() -> argparse.ArgumentParser:
    """Describe the flags."""
    top = argparse.ArgumentParser(prog="python -m bench", description="Measure the product beside its neighbours.")
    top.add_argument("--n", type=int, default=50, help="children (default: 50)")
    top.add_argument("--scale", type=int, default=200, help="children of the scaled run (default: 200)")
    top.add_argument("--rounds", type=int, default=3, help="rounds; medians are reported (default: 3)")
    names = (*SIDES, "planning")
    top.add_argument("--only", choices=names, action="append", help="measure this side only; may be repeated")
    return top


def measure(options: argparse.Namespace) -> Report:
    """Run every side in every round, and the planning of the big catalog."""
    chosen = {name: side for name, side in SIDES.items() if _wanted(name, options)}
    shutil.rmtree(WORK / "sides", ignore_errors=True)
    here = machine()
    planned = _planning(Progress(1)) if _wanted("planning", options) else {}
    with clusters.running(WORK) as cluster:
        turns = _Turns(cluster, options, Progress(options.rounds * len(chosen)))
        for number in range(options.rounds):
            for name, side in chosen.items():
                turns.take(name, side, number)
        turns.check_same()
        return Report(
            options.n, options.scale, options.rounds, gathered(turns.measured), turns.resources, planned, here,
            versions(cluster),
        )  # fmt: skip


class _Turns:
    """The turns of the sides: each on the empty cluster, in a new folder."""

    def __init__(self, cluster: clusters.Cluster, options: argparse.Namespace, progress: Progress) -> None:
        self.measured: list[Mapping[str, Measured]] = []
        self.resources: dict[str, Mapping[str, int]] = {}
        self._cluster, self._options, self._progress = cluster, options, progress

    def take(self, name: str, side: Side, number: int) -> None:
        """Give one side its turn, and clear up behind it."""
        folder = WORK / "sides" / f"{name}-{number + 1}"
        folder.mkdir(parents=True)
        children = self._options.scale if name == "scale" else self._options.n
        with self._progress.step(f"round {number + 1}: {name}") as note:
            self._cluster.check_empty()
            busy = settle()
            if busy > IDLE:
                note(f"the machine is busy ({busy:.0f} %): the figures will be higher")
            measured = side(Stage(folder, self._cluster.environment, children))
            note("clearing up")
            self.resources[name] = self._cluster.inventory()
            self._cluster.clear()
            note(", ".join(f"{step} {one.seconds:.1f} s" for step, one in measured.items()))
        self.measured.append(measured)

    def check_same(self) -> None:
        """Raise BenchError when the sides that are compared did not make the same resources."""
        made = {name: self.resources[name] for name in SAME if name in self.resources}
        if len({json.dumps(kinds) for kinds in made.values()}) > 1:
            raise BenchError(f"the sides did not make the same resources, so nothing can be compared: {made}")


def _planning(progress: Progress) -> Mapping[str, float]:
    folder = WORK / "planning"
    shutil.rmtree(folder, ignore_errors=True)
    with progress.step(f"planning {PLANNED} children") as note:
        planned = planning.measure(folder, PLANNED)
        note(f"{planned['total_seconds']:.1f} s")
    shutil.rmtree(folder)
    return planned


def _wanted(name: str, options: argparse.Namespace) -> bool:
    return not options.only or name in options.only


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt
