"""Plugins that outlived their engine."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from appofapps.engine.leftovers import end_leftovers, leftovers
from tests.engine.shop_project import wait_for

BACKEND = f"file:///nowhere/of/this/test/{os.getpid()}"  # workers run side by side


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """Return a program named like a plugin, which waits."""
    program = tmp_path / "pulumi-resource-probe"
    program.write_text("#!/bin/sh\nwhile true; do sleep 0.1; done\n")
    program.chmod(0o755)
    return program


@pytest.fixture
def port() -> Iterator[socket.socket]:
    """Return a port that answers, as a living engine's does."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def orphan(plugin: Path, port: int, backend: str = BACKEND) -> psutil.Process:
    """Start a plugin whose parent ends at once."""
    script = f"{plugin} 127.0.0.1:{port} >/dev/null 2>&1 & echo $!"
    answer = subprocess.run(
        ["sh", "-c", script], stdout=subprocess.PIPE, env={"PULUMI_BACKEND_URL": backend}, check=True
    )
    process = psutil.Process(int(answer.stdout))
    wait_for(lambda: str(plugin) in process.cmdline() and process.environ().get("PULUMI_BACKEND_URL") == backend)
    return process


def test_orphan_is_ended(plugin: Path, port: socket.socket) -> None:
    """A plugin without parent and without an engine that answers is found and ended."""
    number = port.getsockname()[1]
    port.close()
    process = orphan(plugin, number)

    assert process in leftovers(BACKEND)
    assert process.pid in end_leftovers(BACKEND, grace=0.5)
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_living_engine(plugin: Path, port: socket.socket) -> None:
    """A plugin whose engine answers is left alone, whoever its parent is."""
    process = orphan(plugin, port.getsockname()[1])
    try:
        assert leftovers(BACKEND) == []
    finally:
        process.kill()


def test_other_backend(plugin: Path, port: socket.socket) -> None:
    """A plugin that worked for another backend is left alone."""
    number = port.getsockname()[1]
    port.close()
    process = orphan(plugin, number, backend="file:///somewhere/else")
    try:
        assert leftovers(BACKEND) == []
    finally:
        process.kill()


def test_like_named_program(plugin: Path) -> None:
    """A program that only is named so, without an engine's address, is left alone."""
    with subprocess.Popen([str(plugin)], env={"PULUMI_BACKEND_URL": BACKEND}) as process:
        try:
            assert leftovers(BACKEND) == []
        finally:
            process.kill()
