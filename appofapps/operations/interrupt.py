"""Ctrl-C during a run of the engine: it ends cleanly, and what it leaves open is reported."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

from appofapps.engine.engine import Engine
from appofapps.engine.results import RunResult

GLANCE = 0.5
"""Seconds between looks: a signal that the kernel gives to another thread does not wake a waiting main thread."""
ENDING = "ending cleanly: what is under way is finished, nothing new is started; Ctrl-C again ends at once"


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
