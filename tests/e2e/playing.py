"""A script that plays a controller which does not run in the sandbox."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def played(control: Callable[[], object]) -> Iterator[None]:
    """Be the controller while a block runs: look every second."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(1):
            control()

    controller = threading.Thread(target=look)
    controller.start()
    try:
        yield
    finally:
        over.set()
        controller.join()
