"""The side `helm`: one chart a child, eight at a time, each waiting for its own resources."""

from collections.abc import Mapping

from bench.catalog import CLUSTER
from bench.measure import Command, Measured, run
from bench.stage import Children, Stage

AT_ONCE = 8
TIMEOUT = "--timeout=10m"


def measure(stage: Stage, children: Children) -> Mapping[str, Measured]:
    """Install every chart, then upgrade every release, nothing having changed."""
    names = [child[0]["metadata"]["name"] for child in children]
    for name, child in zip(names, children, strict=True):
        stage.write(f"charts/{name}/Chart.yaml", {"apiVersion": "v2", "name": name, "version": "1.0.0"})
        stage.write_all(f"charts/{name}/templates/all.yaml", child)
    install = [_helm(stage, "install", name) for name in names]
    upgrade = [_helm(stage, "upgrade", name) for name in names]
    return {"helm_install": run(*install, at_once=AT_ONCE), "helm_upgrade": run(*upgrade, at_once=AT_ONCE)}


def _helm(stage: Stage, verb: str, name: str) -> Command:
    """Release a chart. Its namespace is part of the chart, so the release itself is recorded in `default`."""
    chart = str(stage.folder / "charts" / name)
    line = ("helm", verb, name, chart, "--wait", TIMEOUT, "--kube-context", CLUSTER, "--namespace", "default")
    return stage.command(f"{verb}-{name}", *line)
