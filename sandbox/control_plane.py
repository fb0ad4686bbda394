"""Start and stop one cluster; its data and its ports survive a stop."""

import contextlib
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox import controllers, definitions, kubeconfig, nodes, ports, servers
from sandbox.api import Api
from sandbox.definitions import Document
from sandbox.errors import SandboxError
from sandbox.layout import CODE, Layout
from sandbox.processes import Server, is_alive, spawn
from sandbox.processes import stop as stop_servers
from sandbox.stages import stages
from sandbox.state import Cluster, State, change, load

ATTEMPTS, PATIENCE = 3, 60.0


class StartError(SandboxError):
    """A server ended before it was ready."""


def start(name: str, root: Path = CODE, *, bare: bool = False) -> Cluster:
    """Start a cluster with its data and its ports; other ports only where somebody took them meanwhile.

    A `bare` one does not learn the definitions of others, nor who plays their controllers.
    """
    layout = Layout(root)
    for attempt in range(ATTEMPTS):
        cluster = _reserve(root, name)
        if cluster.is_up:
            return cluster
        _furnish_folder(layout, cluster, [] if bare else controllers.stages())
        try:
            return _boot(layout, cluster, [] if bare else definitions.documents())
        except StartError:
            stop(name, root)
            if attempt == ATTEMPTS - 1 or all(map(ports.is_free, _ports(cluster))):
                raise
    raise AssertionError(name)


def stop(name: str, root: Path = CODE, patience: float = 2.0) -> None:
    """Stop the servers of a cluster: from outside it looks dead. Its data stays."""
    cluster = load(root).clusters.get(name)
    if cluster:
        stop_servers(cluster.servers, patience)
        change(root, lambda state: state.with_cluster(cluster.model_copy(update={"servers": ()})))


def remove(name: str, root: Path = CODE) -> None:
    """Stop a cluster and remove its data, with the folders that its volumes had on this machine."""
    cluster = load(root).clusters[name]
    folders: list[str] = []
    with contextlib.suppress(OSError):  # it does not answer: its volumes stay as empty folders in /tmp
        folders = nodes.volume_folders(access(cluster, root))
    stop(name, root, patience=1.0)
    for folder in [Layout(root).cluster(name), *map(Path, folders)]:
        shutil.rmtree(folder, ignore_errors=True)


def access(cluster: Cluster, root: Path = CODE) -> Api:
    """Give the API of a cluster."""
    return Api(cluster.url, cluster.token, Layout(root).certificate(cluster.name))


def _reserve(root: Path, name: str) -> Cluster:
    """Record which ports are the cluster's: the ones it had, if no stranger listens there."""

    def step(state: State) -> State:
        old = state.clusters.get(name)
        if old and (old.is_up or any(map(is_alive, old.servers)) or all(map(ports.is_free, _ports(old)))):
            return state
        etcd, peer, api = ports.choose(3, taken=state.ports())
        token = old.token if old else secrets.token_urlsafe(24)
        return state.with_cluster(Cluster(name=name, etcd_port=etcd, peer_port=peer, api_port=api, token=token))

    return change(root, step).clusters[name]


def _ports(cluster: Cluster) -> tuple[int, int, int]:
    return cluster.etcd_port, cluster.peer_port, cluster.api_port


def _furnish_folder(layout: Layout, cluster: Cluster, played: Iterable[Document]) -> None:
    """Write the files the servers read: tokens, the key of service accounts, their kubeconfig, kwok's stages."""
    folder = layout.cluster(cluster.name)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "tokens.csv").write_text(f'{cluster.token},admin,admin,"system:masters"\n')
    if not (folder / "service-account.key").exists():
        (folder / "service-account.key").write_bytes(_private_key())
    own = kubeconfig.Access(cluster.name, cluster.url, layout.certificate(cluster.name), cluster.token)
    servers.admin_file(layout, cluster).write_text(yaml.safe_dump(kubeconfig.document([own])))
    servers.stages_file(layout, cluster).write_text(yaml.safe_dump_all([*stages(), *played]))


def _private_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _boot(layout: Layout, cluster: Cluster, defined: Sequence[Document]) -> Cluster:
    """Start the servers in the order they need each other."""
    stop_servers(cluster.servers)
    api = access(cluster, layout.root)
    cluster = cluster.model_copy(update={"servers": ()})
    for name in ("etcd", "api_server"):
        cluster = _launch(layout, cluster, name)
    _await(layout, cluster, api.is_ready)
    nodes.furnish(api, cluster.name)
    definitions.install(api, defined)
    for name in ("controller_manager", "scheduler"):
        cluster = _launch(layout, cluster, name)
    _await(
        layout, cluster, lambda: definitions.are_served(api, defined)
    )  # kwok looks for their kinds once, when it starts
    cluster = _launch(layout, cluster, "kwok")
    _await(layout, cluster, lambda: nodes.are_ready(api))
    return cluster


def _launch(layout: Layout, cluster: Cluster, name: str) -> Cluster:
    command = servers.COMMANDS[name](layout, cluster)
    server = spawn(Path(command[0]).name, command, _log(layout, cluster, Path(command[0]).name))
    started = cluster.model_copy(update={"servers": (*cluster.servers, server)})
    change(layout.root, lambda state: state.with_cluster(started))
    return started


def _await(layout: Layout, cluster: Cluster, ready: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        dead = next((server for server in cluster.servers if not is_alive(server)), None)
        if dead or time.monotonic() > end:
            raise StartError(_reason(layout, cluster, dead))
        time.sleep(0.1)


def _reason(layout: Layout, cluster: Cluster, dead: Server | None) -> str:
    if not dead:
        return f"cluster {cluster.name} is not ready after {PATIENCE:.0f} s; its servers' logs are in {layout.logs}"
    log = _log(layout, cluster, dead.name)
    last = log.read_text(errors="replace").splitlines()[-3:]
    return "\n  ".join([f"cluster {cluster.name}: {dead.name} ended; its log {log} says last:", *last])


def _log(layout: Layout, cluster: Cluster, server: str) -> Path:
    return layout.logs / f"{cluster.name}-{server}.log"
