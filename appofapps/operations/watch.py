"""Asks the clusters, while the engine waits, what children that take long are waiting for."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from appofapps.observe.world import World
from appofapps.operations.progress import ChildProgress, Progress, Stage
from appofapps.plan.plan import Plan

PERIOD: Final = 3.0
"""Seconds between two looks; the first is made when a child has been at work this long."""
MOST: Final = 5
"""Children asked about at a time: the longest at work come first."""


@contextmanager
def watching(progress: Progress, plan: Plan, world: World, period: float = PERIOD) -> Iterator[None]:
    """Put the cause from a child's pods beside its progress, until the block ends."""
    done = threading.Event()

    def look() -> None:
        while not done.wait(period):
            for row in _slow(progress, time.time() - period):
                planned = plan.by_address.get(row.address)
                if planned and (cause := world.cause(planned)):
                    progress.explain(row.address, cause)

    thread = threading.Thread(target=look, name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()


def _slow(progress: Progress, since: float) -> list[ChildProgress]:
    slow = [row for row in progress.rows() if row.stage is Stage.DEPLOYING and row.started < since]
    return sorted(slow, key=lambda row: row.started)[:MOST]
