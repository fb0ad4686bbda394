"""What the figures were measured on: the machine, and the version of everything involved."""

import json
import platform
import re
import subprocess
from importlib.metadata import version

import psutil

from bench.cluster import Cluster

IDLE = 10.0
"""Percent of the processors' time: more, and something else is at work, if only the cluster clearing up."""
PATIENCE = 60
"""Seconds that a turn waits for that to end."""


def machine() -> dict[str, object]:
    """Describe the machine."""
    return {
        "cpus": psutil.cpu_count(),
        "memory_mb": round(psutil.virtual_memory().total / 1e6),
        "system": f"{platform.system()} {platform.machine()}",
        "load_before": round(psutil.getloadavg()[0], 2),
    }


def settle(patience: int = PATIENCE) -> float:
    """Wait until the machine is idle, but not for ever; return how busy it still is, in percent."""
    busy = psutil.cpu_percent(interval=1)
    while busy > IDLE and patience > 0:
        patience -= 1
        busy = psutil.cpu_percent(interval=1)
    return busy


def versions(cluster: Cluster) -> dict[str, str]:
    """Ask every tool for its version."""
    kubernetes = json.loads(cluster.kubectl("version", "--output=json"))
    return {
        "python": platform.python_version(),
        "pulumi": _asked(cluster, "pulumi", "version"),
        "pulumi-kubernetes": version("pulumi-kubernetes"),
        "kubernetes": kubernetes["serverVersion"]["gitVersion"],
        "kubectl": kubernetes["clientVersion"]["gitVersion"],
        "helm": _asked(cluster, "helm", "version", "--short"),
    }


def _asked(cluster: Cluster, *line: str) -> str:
    done = subprocess.run(line, env=cluster.environment, capture_output=True, text=True, check=True)
    found = re.search(r"v?\d+\.\d+\.\d+", done.stdout)
    return found[0] if found else done.stdout.strip()
