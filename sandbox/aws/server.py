"""The process: a gRPC server that tells its port, and ends with its engine."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import grpc  # type: ignore[import-untyped]
from pulumi.runtime.proto import provider_pb2_grpc

from sandbox.aws.servicer import Provider

_UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
_SECONDS_BETWEEN_LOOKS = 0.5


def serve(engine: str | None) -> None:
    """Serve until the engine at this address is gone; the engine learns our port from stdout."""
    provider = Provider()
    # Ctrl-C is the engine's to handle: it lets calls that are under way finish. At its end it cancels, interrupts,
    # and waits five seconds for each provider that goes on.
    signal.signal(signal.SIGINT, lambda *_: os._exit(0) if provider.is_cancelled else None)
    server = grpc.server(ThreadPoolExecutor(max_workers=32), options=_UNLIMITED)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    threading.Thread(target=_end_with_engine, args=(engine, os.getppid()), daemon=True).start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    server.wait_for_termination()


def _end_with_engine(engine: str | None, parent: int) -> None:
    """Exit at once when the engine was killed: nobody would record what we go on to create."""
    while os.getppid() == parent and (engine is None or _listens(engine)):
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    os._exit(0)


def _listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=5):
            return True
    except ConnectionRefusedError:
        return False
    except OSError:
        return True  # busy is not gone
