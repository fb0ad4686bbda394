"""The cluster of the benchmark: a sandbox of its own, started for a run, refused when something is left in it."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.catalog import CLUSTER
from bench.measure import BenchError
from sandbox.state import load

OWN_NAMESPACES: Final = ("default", "kube-")
KINDS: Final = (
    "Namespace", "ResourceQuota", "ConfigMap", "Deployment", "Service", "ServiceAccount", "LimitRange",
    "NetworkPolicy", "Role", "RoleBinding",
)  # fmt: skip
MADE_BY_KUBERNETES: Final = {("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default")}
_COLUMNS: Final = "custom-columns=KIND:.kind,NAME:.metadata.name,IN:.metadata.namespace"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster, reached by the environment of its sandbox."""

    environment: Mapping[str, str]

    def kubectl(self, *arguments: str) -> str:
        """Run kubectl and return what it prints."""
        done = subprocess.run(
            ["kubectl", "--context", CLUSTER, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BenchError(f"`kubectl {' '.join(arguments)}` failed: {done.stderr.strip()}")
        return done.stdout

    def namespaces(self) -> tuple[str, ...]:
        """List the namespaces that a side made."""
        names = self.kubectl("get", "namespaces", "--output=name").split()
        return tuple(name for name in (line.partition("/")[2] for line in names) if not name.startswith(OWN_NAMESPACES))

    def check_empty(self) -> None:
        """Raise BenchError when a side left something: the next one would not start from nothing."""
        left = self.namespaces()
        if left:
            raise BenchError(f"{len(left)} namespaces are left in the cluster: {', '.join(left[:5])}, …")

    def clear(self) -> None:
        """Delete what a side made and wait until it is gone; with it what helm recorded of its releases."""
        names = self.namespaces()
        if names:
            self.kubectl("delete", "namespace", "--wait=true", "--timeout=15m", *names)
        self.kubectl("delete", "secrets", "--namespace=default", "--selector=owner=helm", "--wait=true")

    def inventory(self) -> dict[str, int]:
        """Count the objects of a side by kind, without those that Kubernetes makes itself."""
        listed = self.kubectl("get", ",".join(KINDS), "--all-namespaces", "--no-headers", f"--output={_COLUMNS}")
        return dict(sorted(Counter(kind for kind in map(_kind_of_side, listed.splitlines()) if kind).items()))


def _kind_of_side(line: str) -> str | None:
    """Read a line of the inventory; None for what no side made."""
    kind, name, namespace = line.split()
    home = name if kind == "Namespace" else namespace
    return None if home.startswith(OWN_NAMESPACES) or (kind, name) in MADE_BY_KUBERNETES else kind


@contextmanager
def running(root: Path) -> Iterator[Cluster]:
    """Start a sandbox with one cluster below `root`, and take it down at the end, whatever happens."""
    if load(root).servers():
        raise BenchError(
            f"a benchmark runs here, or was killed; remove its cluster: {' '.join(_sandbox(root, 'down'))}"
        )
    try:
        _check_call(_sandbox(root, "up", "--no-deploy", "--bare", "--clusters", CLUSTER))
        yield Cluster({**_ambient(), **load(root).environment()})
    finally:
        _check_call(_sandbox(root, "down"))


def _sandbox(root: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "sandbox", "--root", str(root), *arguments]


def _check_call(line: list[str]) -> None:
    code = subprocess.run(line, check=False).returncode
    if code:
        raise BenchError(f"`{' '.join(line)}` ended with {code}")


def _ambient() -> dict[str, str]:
    """Give this process's environment without the settings of a person's own Pulumi and AWS."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "AWS_", "KUBE"))}
