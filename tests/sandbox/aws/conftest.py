"""A moto for the tests of a module, empty for each, and the stand-in in front of it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer

from tests.sandbox.aws.engine import Engine


@pytest.fixture(scope="module")
def moto_address() -> Iterator[str]:
    """Where it listens."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def session(moto_address: str) -> Iterator[Callable[[str], Any]]:
    """Clients of moto; making one is slow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", moto_address)
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_REGION", "eu-west-1")
        yield functools.cache(lambda service: boto3.client(service, region_name="eu-west-1"))


@pytest.fixture
def aws(moto_address: str, session: Callable[[str], Any]) -> Callable[[str], Any]:
    """Clients of an empty moto."""
    requests.post(f"{moto_address}/moto-api/reset", timeout=10)
    return session


@pytest.fixture(scope="module")
def warm(session: Callable[[str], Any]) -> Engine:
    """Make the stand-in once: that is slow, too."""
    return Engine()


@pytest.fixture
def engine(warm: Engine, aws: Callable[[str], Any]) -> Engine:
    """Give the stand-in in front of an empty moto."""
    return warm
