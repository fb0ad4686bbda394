"""Work side by side, each piece after those it waits for."""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from typing import TypeVar

from appofapps.operations.interrupt import GLANCE

R = TypeVar("R")


def side_by_side(
    needs: Mapping[str, Collection[str]], work: Callable[[str, Mapping[str, R]], R], parallel: int
) -> Mapping[str, R]:
    """Return the result of each piece of work, in the order of `needs`; at most `parallel` are under way at a time.

    `work` is told the results of the pieces it waited for: whether to go on past a failed one is its to decide.
    Raises graphlib.CycleError before anything is begun.
    """
    sorter = TopologicalSorter(needs)
    sorter.prepare()
    found: dict[str, R] = {}
    running: dict[Future[R], str] = {}
    with ThreadPoolExecutor(parallel, thread_name_prefix="stack") as pool:
        while sorter.is_active():
            for name in sorted(sorter.get_ready()):
                running[pool.submit(work, name, {need: found[need] for need in needs[name]})] = name
            # In short waits: the main thread runs the handlers of signals.
            for future in wait(running, timeout=GLANCE, return_when=FIRST_COMPLETED).done:
                name = running.pop(future)
                found[name] = future.result()
                sorter.done(name)
    return {name: found[name] for name in needs}
