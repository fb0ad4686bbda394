"""Charts from repositories and registries: fetched before the first resource, once, and held against their digest.

`helm` itself fetches them, with the credentials and certificates that it is set up with.
"""

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from appofapps.catalog.models.helm import FetchedChart, Helm, LocalChart, OciChart
from appofapps.plan.plan import Plan, PlannedChild

CACHE: Final = Path(".aoa", "charts")
"""Below the program, so that paths in the state are the same everywhere; a file is named after its contents."""
TIMEOUT: Final = 120

Pull = Callable[[FetchedChart, Path], None]
"""Fetches a chart into a folder; raises ChartError."""


class ChartError(Exception):
    """A chart cannot be had, or is not what it should be; the message says which, why, and what to do."""


def fetch(plan: Plan, cache: Path = CACHE, pull: Pull | None = None) -> None:
    """Fetch the charts of a plan that are not there yet, and look at them. Raises ChartError with all that is wrong."""
    children = (planned.child for planned in plan.children if isinstance(planned.child, Helm))
    found = dict.fromkeys(problem for child in children for problem in _problems(child, cache, pull or helm))
    if found:
        raise ChartError("\n".join(found))


def location(planned: PlannedChild[Helm], cache: Path = CACHE) -> str:
    """Return where the chart of a child lies, relative to the program."""
    if planned.code:
        return os.path.relpath(planned.code.folder)
    return str(_archive(planned.child, cache))


def digest(planned: PlannedChild[Helm]) -> str:
    """Return the digest of the chart of a child."""
    chart = planned.child.spec.chart
    return planned.code.digest if planned.code else str(chart.digest)


def _problems(child: Helm, cache: Path, pull: Pull) -> Iterator[str]:
    if isinstance(child.spec.chart, LocalChart):
        return
    try:
        _ensure(child.spec.chart, _archive(child, cache), pull)
    except ChartError as error:
        yield f"{child.name}: {error}"
    else:
        yield from (f"{child.name}: {each.message}; {each.hint}" for each in child.faults(_archive(child, cache)))


def _archive(child: Helm, cache: Path) -> Path:
    return cache / f"{str(child.spec.chart.digest).removeprefix('sha256:')}.tgz"


def _ensure(chart: FetchedChart, target: Path, pull: Pull) -> None:
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        pull(chart, Path(folder))
        archive = next(Path(folder).glob("*.tgz"))
        actual = f"sha256:{hashlib.sha256(archive.read_bytes()).hexdigest()}"
        if actual != chart.digest:
            message = f"spec.chart.digest: {chart.digest} is not the digest of {reference(chart)}"
            raise ChartError(f"{message}; it is {actual}: type that if the change is meant")
        archive.replace(target)


def reference(chart: FetchedChart) -> str:
    """Return a chart as people write it."""
    name = chart.oci if isinstance(chart, OciChart) else f"{chart.repository.rstrip('/')}/{chart.name}"
    return f"{name} {chart.version}"


def helm(chart: FetchedChart, folder: Path) -> None:
    """Fetch a chart with `helm pull`."""
    where = [chart.oci] if isinstance(chart, OciChart) else [chart.name, "--repo", chart.repository]
    plain = ["--plain-http"] if isinstance(chart, OciChart) and chart.plain_http else []
    command = ["helm", "pull", *where, *plain, "--version", chart.version, "--destination", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT)
    except FileNotFoundError:
        raise ChartError("no `helm` on PATH to fetch its chart with; install helm 3") from None
    except subprocess.TimeoutExpired:
        raise ChartError(f"spec.chart: {reference(chart)} did not come within {TIMEOUT} s") from None
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["helm pull failed"])[-1].removeprefix("Error: ")
        raise ChartError(f"spec.chart: {reference(chart)} cannot be fetched: {why}")
