"""The garbage collector, kept from walking what is only built."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pause the cyclic collector; also a decorator.

    While a big catalog is loaded or planned, objects are made and none is dropped: the collector would walk
    all of them again and again, and half of the time would be its own.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
