"""Ctrl-C during a run of the engine: it ends cleanly, and what it leaves open is reported."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from appofapps.engine.engine import Engine
from appofapps.engine.results import RunResult

ENDING = "ending cleanly: what is under way is finished, nothing new is started; Ctrl-C again ends at once"


def run(engine: Engine, work: Callable[[], RunResult], say: Callable[[str], None]) -> RunResult:
    """Run the engine to its end, handing a Ctrl-C on to it; the result says what stayed unfinished."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine") as pool:
        future = pool.submit(work)
        while True:
            try:
                return future.result()
            except KeyboardInterrupt:
                say(ENDING)
                engine.interrupt()
