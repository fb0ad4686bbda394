"""The side `kubectl`: one server-side apply of all documents, then one process that waits for all Deployments."""

from collections.abc import Mapping

from bench.catalog import CLUSTER
from bench.measure import Measured, run
from bench.stage import Children, Stage

TIMEOUT = "--timeout=10m"


def measure(stage: Stage, children: Children) -> Mapping[str, Measured]:
    """Apply everything and wait until it is available; then compare, nothing having changed."""
    namespaces = [child[0] for child in children]
    rest = [document for child in children for document in child[1:]]
    file = str(stage.write_all("all.yaml", [*namespaces, *rest]))
    kubectl = ("kubectl", "--context", CLUSTER)
    apply = stage.command("apply", *kubectl, "apply", "--server-side", "-f", file)
    wait = stage.command(
        "wait", *kubectl, "wait", "deployments", "--for=condition=Available", "--all", "--all-namespaces", TIMEOUT
    )
    diff = stage.command("diff", *kubectl, "diff", "--server-side", "-f", file)
    return {"kubectl_apply": run(apply, wait), "kubectl_diff": run(diff)}
