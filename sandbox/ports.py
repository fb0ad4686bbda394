"""Free loopback ports."""

import secrets
import socket
from collections.abc import Callable, Collection

# Below the ephemeral range, so that no outgoing connection takes the port of a cluster that is stopped for a while.
FIRST, LAST = 20_000, 32_000


def is_free(port: int) -> bool:
    """Say whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def choose(count: int, taken: Collection[int] = (), below: Callable[[int], int] = secrets.randbelow) -> tuple[int, ...]:
    """Choose distinct free ports that are not `taken`; `below(n)` gives a random number from 0 to n-1."""
    chosen: list[int] = []
    while len(chosen) < count:
        port = FIRST + below(LAST - FIRST)
        if port not in taken and port not in chosen and is_free(port):
            chosen.append(port)
    return tuple(chosen)
