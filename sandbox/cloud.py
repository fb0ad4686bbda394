"""The AWS API of the sandbox: moto on loopback, with made-up credentials."""

import secrets
import sys
import time
import urllib.request
from pathlib import Path

from sandbox import ports
from sandbox.errors import SandboxError
from sandbox.layout import CODE, Layout
from sandbox.processes import is_alive, spawn
from sandbox.processes import stop as stop_servers
from sandbox.state import Cloud, State, change, load

PATIENCE = 60.0


def start(root: Path = CODE) -> Cloud:
    """Start moto on its port, or on another one where somebody took it."""
    cloud = _reserve(root)
    if cloud.is_up:
        return cloud
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(cloud.port)]
    log = Layout(root).logs / "moto.log"
    server = spawn("moto", command, log)
    cloud = cloud.model_copy(update={"servers": (server,)})
    change(root, lambda state: state.model_copy(update={"cloud": cloud}))
    end = time.monotonic() + PATIENCE
    while not _answers(cloud.url):
        if not is_alive(server) or time.monotonic() > end:
            raise SandboxError(f"moto did not start; see {log}")
        time.sleep(0.1)
    return cloud


def stop(root: Path = CODE) -> None:
    """Stop moto. It keeps everything in memory: what was made in it is gone."""
    cloud = load(root).cloud
    if cloud:
        stop_servers(cloud.servers, patience=1.0)
        change(root, lambda state: state.model_copy(update={"cloud": cloud.model_copy(update={"servers": ()})}))


def _reserve(root: Path) -> Cloud:
    def step(state: State) -> State:
        if state.cloud and (state.cloud.is_up or ports.is_free(state.cloud.port)):
            return state
        (port,) = ports.choose(1, taken=state.ports())
        made_up = Cloud(port=port, access_key=f"sandbox{secrets.token_hex(6)}", secret_key=secrets.token_urlsafe(24))
        return state.model_copy(update={"cloud": made_up})

    cloud = change(root, step).cloud
    assert cloud
    return cloud


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/moto-api/", timeout=2):  # noqa: S310 - http to ourselves
            return True
    except OSError:
        return False
