"""What the SDK sends the engine beyond the resources themselves, and we leave out: most of it slows a large stack.

Measured with `make bench` at 50 children, from nothing: both together take a sixth off the engine's run.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pulumi


@contextmanager
def without_stack_traces() -> Iterator[None]:
    """Let the SDK record no stack trace with each resource that is made meanwhile.

    The traces, all of our own builders and none of the catalog, would be a quarter of the state, which the engine
    writes at every step.
    """
    before = getattr(sys, "tracebacklimit", None)
    sys.tracebacklimit = 1  # with 0, `pulumi.runtime.resource._get_stack_trace` (3.259.0) fails
    try:
        yield
    finally:
        if before is None:
            del sys.tracebacklimit
        else:
            sys.tracebacklimit = before


def mute_debug_log() -> None:
    """Keep the SDK from sending its debug log: five messages a resource, for each of which the program waits.

    The engine drops them unless it runs with `--debug`, which thereby shows the engine's and the providers' only.
    """
    pulumi.log.debug = _nothing


def _nothing(
    msg: str, resource: pulumi.Resource | None = None, stream_id: int | None = None, ephemeral: bool | None = None
) -> None:
    del msg, resource, stream_id, ephemeral
