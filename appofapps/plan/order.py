"""Dependency order, and the cycles that make it impossible."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

N = TypeVar("N")


def waves(needs: Mapping[N, Iterable[N]]) -> tuple[tuple[N, ...], ...]:
    """Return the nodes in waves, each sorted by name; a node's needs are all in earlier waves.

    Raises graphlib.CycleError; `cycles` finds every one of them first.
    """
    sorter = TopologicalSorter(needs)
    sorter.prepare()
    found = []
    while sorter.is_active():
        ready = tuple(sorted(sorter.get_ready(), key=str))
        sorter.done(*ready)
        found.append(ready)
    return tuple(found)


def cycles(needs: Mapping[N, Iterable[N]]) -> tuple[tuple[N, ...], ...]:
    """Return cycles, each as the path from a node back to itself, until cutting them leaves none."""
    edges = {node: set(wanted) for node, wanted in needs.items()}
    found: list[tuple[N, ...]] = []
    while (cycle := _cycle(edges)) is not None:
        found.append(cycle)
        edges[cycle[0]].discard(cycle[1])
    return tuple(found)


def _cycle(edges: Mapping[N, Iterable[N]]) -> tuple[N, ...] | None:
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        # graphlib lists every node before the one that needs it; a reader expects "needs" to read forwards.
        return tuple(reversed(error.args[1]))
    return None
