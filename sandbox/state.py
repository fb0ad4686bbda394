"""What runs in this checkout, kept in `.sandbox/state.json`, and the environment that reaches it."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import yaml
from pydantic import BaseModel

from sandbox import environment
from sandbox.kubeconfig import Access, document
from sandbox.layout import CODE, Layout
from sandbox.locks import locked
from sandbox.processes import Server, is_alive


class Cluster(BaseModel, frozen=True):
    """One control plane: its ports, its credentials, its processes."""

    name: str
    etcd_port: int
    peer_port: int
    api_port: int
    token: str
    servers: tuple[Server, ...] = ()

    @property
    def url(self) -> str:
        """The address of the API server."""
        return f"https://127.0.0.1:{self.api_port}"

    @property
    def is_up(self) -> bool:
        """Whether all servers of the control plane run."""
        return bool(self.servers) and all(map(is_alive, self.servers))


class Cloud(BaseModel, frozen=True):
    """The AWS API (moto) and its made-up credentials."""

    port: int
    access_key: str
    secret_key: str
    servers: tuple[Server, ...] = ()

    @property
    def url(self) -> str:
        """The endpoint of every AWS service."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_up(self) -> bool:
        """Whether the server runs."""
        return bool(self.servers) and all(map(is_alive, self.servers))

    def environment(self) -> dict[str, str]:
        """Give the variables every AWS SDK reads."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_REGION": environment.REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


class State(BaseModel, frozen=True):
    """The record of one sandbox; every change gives a new one."""

    root: Path
    clusters: dict[str, Cluster] = {}
    cloud: Cloud | None = None
    pulumi: str = ""
    aws_provider: str = ""

    @property
    def layout(self) -> Layout:
        """The paths of this sandbox."""
        return Layout(self.root)

    def with_cluster(self, cluster: Cluster) -> "State":
        """Give the state in which this cluster is recorded."""
        return self.model_copy(update={"clusters": {**self.clusters, cluster.name: cluster}})

    def ports(self) -> tuple[int, ...]:
        """List the ports that belong to this sandbox."""
        clusters = [port for c in self.clusters.values() for port in (c.etcd_port, c.peer_port, c.api_port)]
        return (*clusters, *([self.cloud.port] if self.cloud else []))

    def servers(self) -> tuple[Server, ...]:
        """List every recorded process."""
        clusters = [server for cluster in self.clusters.values() for server in cluster.servers]
        return (*clusters, *(self.cloud.servers if self.cloud else ()))

    def environment(self, path: str | None = None) -> dict[str, str]:
        """Compose what a shell or a test needs to use this sandbox; `path` is the PATH to put our folders before."""
        return environment.compose(
            self.layout,
            self.cloud.environment() if self.cloud else {},
            os.environ.get("PATH", "") if path is None else path,
        )


def load(root: Path = CODE) -> State:
    """Read the state of the sandbox in `root`; an empty one where none was started."""
    file = Layout(root).state
    recorded = json.loads(file.read_text()) if file.exists() else {}
    return State.model_validate({**recorded, "root": root})


def change(root: Path, step: Callable[[State], State]) -> State:
    """Read, change and write the state as one step, also when several processes do so at once."""
    with locked(Layout(root).home / "state.lock"):
        new = step(load(root))
        _write(new.layout.state, new.model_dump_json(indent=2))
        accesses = [Access(c.name, c.url, new.layout.certificate(c.name), c.token) for c in new.clusters.values()]
        _write(new.layout.kubeconfig, yaml.safe_dump(document(accesses), sort_keys=False))
        return new


def _write(file: Path, text: str) -> None:
    """Replace a file at once: a reader sees the old or the new text. Both hold credentials, hence the mode."""
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    draft.replace(file)
