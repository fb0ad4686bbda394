"""Ctrl-C during a run of the engine: it ends cleanly, and what it leaves open is reported."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Protocol, TypeVar

from appofapps.engine.engine import Engine
from appofapps.engine.results import RunResult

GLANCE = 0.5
"""Seconds between looks: a signal that the kernel gives to another thread does not wake a waiting main thread."""
ENDING = "ending cleanly: what is under way is finished, nothing new is started; Ctrl-C again ends at once"


class Ended(Protocol):
    """What became of a run."""

    @property
    def interrupted(self) -> bool:
        """Tell whether somebody ended it."""
        ...


E = TypeVar("E", bound=Ended)


def until_interrupted(runs: Iterable[E]) -> Iterator[E]:
    """Yield runs, each of which takes place when it is asked for; after one that was interrupted none is begun."""
    for each in runs:
        yield each
        if each.interrupted:
            return


def run(engine: Engine, work: Callable[[], RunResult], say: Callable[[str], None]) -> RunResult:
    """Run the engine to its end, handing a Ctrl-C on to it; the result says what stayed unfinished."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine") as pool:
        future = pool.submit(work)
        while True:
            try:
                while not future.done():
                    wait([future], timeout=GLANCE)
                return future.result()
            except KeyboardInterrupt:
                say(ENDING)
                engine.interrupt()
