"""Bring the whole sandbox up, take it down, and say what runs."""

import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sandbox import cloud, control_plane
from sandbox.errors import SandboxError
from sandbox.layout import CODE, Layout
from sandbox.locks import locked
from sandbox.ports import is_free
from sandbox.processes import is_alive
from sandbox.progress import Progress
from sandbox.state import State, change, load
from sandbox.toolchain import install

CLUSTERS = ("eu-1", "us-1")


def up(clusters: Sequence[str] = CLUSTERS, root: Path = CODE, *, bare: bool = False) -> State:
    """Make everything run; what is in place stays as it is. `bare` clusters have no definitions of others."""
    layout = Layout(root)
    tools, engine = install.chosen_tools()
    progress = Progress(len(tools) + 4)
    with locked(layout.home / "up.lock", lambda: print("another `up` runs in this checkout: waiting for it")):
        install.install(layout, tools, progress)
        layout.backend.mkdir(parents=True, exist_ok=True)
        with progress.step("providers") as note:
            provider = install.install_aws(layout)
            note(f"kubernetes official, aws {provider}")
        with progress.step("AWS API: moto") as note:
            note(_found(load(root).cloud) or cloud.start(root).url)
        with progress.step(f"clusters: {', '.join(clusters)}") as note:
            note(_start_clusters(clusters, root, bare=bare))
        return change(root, lambda state: state.model_copy(update={"pulumi": engine, "aws_provider": provider}))


def down(root: Path = CODE) -> None:
    """Stop and remove everything; raise if a process or a port survives."""
    layout, state = Layout(root), load(root)
    progress = Progress(len(state.clusters) + 2)
    for name in state.clusters:
        with progress.step(f"cluster {name}") as note:
            control_plane.remove(name, root)
            note("stopped, data removed")
    with progress.step("AWS API: moto") as note:
        cloud.stop(root)
        note("stopped")
    with progress.step(str(layout.home)) as note:
        _check_gone(state)
        shutil.rmtree(layout.home)
        note("removed")


def _found(part: object) -> str:
    return "found" if getattr(part, "is_up", False) else ""


def _start_clusters(clusters: Sequence[str], root: Path, *, bare: bool) -> str:
    before = load(root).clusters
    if all(_found(before.get(name)) for name in clusters):
        return "found"
    with ThreadPoolExecutor() as pool:
        started = list(pool.map(lambda name: control_plane.start(name, root, bare=bare), clusters))
    return ", ".join(cluster.url for cluster in started)


def _check_gone(state: State) -> None:
    running = [f"{server.name} (pid {server.pid})" for server in state.servers() if is_alive(server)]
    open_ports = [str(port) for port in state.ports() if not is_free(port)]
    if running or open_ports:
        raise SandboxError(f"still there: {', '.join(running + [f'port {port}' for port in open_ports])}")
