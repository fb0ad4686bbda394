"""Small catalogs for tests that need only a few children, each in an environment of its own."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.e2e.project import Project

API = {"apiVersion": "appofapps.dev/v1"}
OWNER = {"team": "quality", "oncall": "quality-primary", "runbook": "https://runbooks.example.org/test"}
FATE = "sandbox.appofapps.dev/fate"


def image(tag: str = "1.0.0", fill: str = "a") -> str:
    """Return an immutable image reference; `fill` is a hexadecimal digit that tells digests apart."""
    return f"registry.example.org/test/server:{tag}@sha256:{fill * 64}"


def workload(name: str, *needs: str, fate: str | None = None, deadline: int = 60, **fields: Any) -> dict[str, Any]:
    """Return a Deployment of one replica with a port; `fate` makes its pods fail (see the sandbox's stages)."""
    # A namespace goes only after its pods' grace period.
    spec = {"image": image(), "ports": [{"port": 8080}], "termination_grace": 1, **fields.pop("spec", {})}
    return {
        **API, "kind": "workload", "name": name, "version": "1.0.0", "owner": OWNER, "needs": list(needs),
        "deadline": deadline, "profiles": {"dev": {"replicas": 1}}, "spec": spec,
        **({"patches": [doomed(fate)]} if fate else {}), **fields,
    }  # fmt: skip


def doomed(fate: str) -> dict[str, Any]:
    """Return the patch that decides the fate of a Deployment's pods."""
    template = {"metadata": {"annotations": {FATE: fate}}}
    return {"resource": "deployment", "merge": {"spec": {"template": template}}}


def of_kind(kind: str, name: str, *needs: str, spec: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return a child of a kind that has no size."""
    return {
        **API, "kind": kind, "name": name, "version": "1.0.0", "owner": OWNER, "needs": list(needs), "deadline": 60,
        "spec": spec, **fields,
    }  # fmt: skip


def function(name: str, *needs: str, **fields: Any) -> dict[str, Any]:
    """Return a function whose code `write_catalog` lays beside it."""
    spec = {"code": f"functions/{name}", "runtime": "python3.12", "handler": "handler.handle", **fields.pop("spec", {})}
    return {
        **API, "kind": "function", "name": name, "version": "1.0.0", "owner": OWNER, "needs": list(needs),
        "profiles": {"dev": {}}, "spec": spec, **fields,
    }  # fmt: skip


def small_project(
    root: Path, sandbox: Mapping[str, str], name: str, children: Iterable[dict[str, Any]], **options: Any
) -> Project:
    """Lay out a scratch project below `root` with a small catalog; `name` is that of its environment and its stack."""
    write_catalog(root / f"catalog-{name}", name, children, **options)
    project = Project.at(root / name, sandbox, root / f"catalog-{name}")
    for stack in project.root.glob("Pulumi.*.yaml"):
        stack.unlink()
    project.write(f"Pulumi.{name}.yaml", {"config": {"app-of-apps:environment": name}})
    return project


def stack_a_cluster(project: Project, environment: str, *clusters: str) -> None:
    """Replace the stack of an environment by one a cluster, called after both."""
    (project.root / f"Pulumi.{environment}.yaml").unlink()
    for cluster in clusters:
        settings = {"app-of-apps:environment": environment, "app-of-apps:clusters": {"name": cluster}}
        project.write(f"Pulumi.{environment}-{cluster}.yaml", {"config": settings})


def write_catalog(
    root: Path, environment: str, children: Iterable[dict[str, Any]], clusters: Iterable[str] = ("eu-1",), **parent: Any
) -> None:
    """Write a catalog with one environment; `parent` overrides fields of the manifest."""
    manifest = {**API, "kind": "parent", "name": "small", "version": "1.0.0", "owner": OWNER, **parent}
    _write(root / "parent.yaml", manifest)
    for name, region in (("eu-1", "eu-west-1"), ("us-1", "us-east-1"), ("ap-1", "ap-southeast-2")):
        issuer = f"oidc.example.org/{name}"
        _write(root / f"clusters/{name}.yaml", {**API, "kind": "cluster", "name": name, "region": region,
                                                "oidc_issuer": issuer})  # fmt: skip
    _write(
        root / f"environments/{environment}.yaml",
        {**API, "kind": "environment", "name": environment, "tier": "dev", "clusters": {"name": list(clusters)},
         "aws_account": "123456789012"},
    )  # fmt: skip
    for child in children:
        _write(root / f"apps/{child['name']}.yaml", child)
        if child["kind"] == "function":
            handler = root / child["spec"]["code"] / "handler.py"
            handler.parent.mkdir(parents=True)
            handler.write_text("def handle(event, context):\n    return event\n")


def _write(path: Path, document: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(document, sort_keys=False))
