"""Loading, validating and planning a big catalog, in a process of its own: `python -m bench.planning FOLDER`."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from appofapps.catalog.load import load
from appofapps.catalog.models.parent import StackTarget
from appofapps.plan.resolve import resolve
from bench import catalog
from bench.measure import BenchError

ENVIRONMENT = "planning"


def measure(folder: Path, children: int) -> Mapping[str, float]:
    """Write a catalog of so many children, and measure a process that plans it."""
    catalog.write(folder, children, {ENVIRONMENT: "full"}, needs=True)
    line = [sys.executable, "-m", "bench.planning", str(folder)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchError(f"`{' '.join(line)}` failed:\n{done.stderr}")
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def main(folder: Path) -> None:
    """Load and plan a catalog, and print the seconds of each and the peak of this process's memory."""
    begun = time.perf_counter()
    loaded = load(folder)
    between = time.perf_counter()
    plan = resolve(loaded, StackTarget(environment=ENVIRONMENT))
    ended = time.perf_counter()
    print(
        json.dumps(
            {
                "children": len(plan.children),
                "load_seconds": between - begun,
                "plan_seconds": ended - between,
                "total_seconds": ended - begun,
                "memory_mb": peak_memory(),
            }
        )
    )


def peak_memory() -> float:
    """Return the most memory this process ever held, in MB (Linux: what ru_maxrss says includes the parent's)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM"))
    return int(peak.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    main(Path(sys.argv[1]))
