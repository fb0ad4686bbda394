"""Small catalogs to plan from, without files: a child is what its YAML file would say."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from appofapps.catalog.catalog import Catalog, Code
from appofapps.catalog.code import read_code
from appofapps.catalog.models.base import API_VERSION
from appofapps.catalog.models.kinds import CHILD, Child
from appofapps.catalog.models.parent import ClusterFile, EnvironmentFile, ParentFile, StackTarget
from appofapps.plan.plan import Plan
from appofapps.plan.resolve import resolve

DIGEST = "sha256:" + "a" * 64
OWNER = {"team": "shop", "oncall": "shop-primary", "runbook": "https://runbooks.example/shop"}
ROOT = Path(__file__).parent
CODE = "code"
"""A folder beside this file."""
EDGE = {"runtime": "cloudfront", "code": "edge", "event": "viewer-request"}
PIPELINE = {
    "source": {"connector": "s3", "version": "1.0.0", "bucket": "feeds"},
    "steps": [{"function": "mailer"}],
    "sink": {"connector": "sqs", "version": "1.0.0", "queue": "priced"},
}
COMMIT = "c" * 40
GIT = {"repository": "https://git.example/loyalty", "revision": COMMIT}
LEAST: dict[str, dict[str, Any]] = {
    "route": {"gateway_class": "public", "rules": [{"backends": [{"child": "cart"}]}]},
    "mesh": {"children": ["cart"]},
    "policy": {
        "namespaces": {},
        "resources": [{"api": "apps/v1", "plural": "deployments"}],
        "rules": [{"name": "few", "expression": "object.spec.replicas < 5", "message": "at most four replicas"}],
    },
    "argocd-application": GIT,
    "flux-kustomization": GIT,
    "pipeline": PIPELINE,
    "manifests": {"folder": "objects"},
    "kustomize": {"folder": "overlay"},
    "helm": {"chart": {"folder": "chart"}},
    "stack": {**GIT, "stack": "acme/tables/dev", "service_account": "tables"},
}
"""The least spec of kinds that have no size."""
UNSIZED = (*LEAST, "edge-function")
"""Kinds without profiles, unless they are given one."""


def child(name: str, kind: str = "workload", **fields: Any) -> Child:
    """Return a child; `spec` and `profile` add to the least that its kind needs."""
    image = {"image": f"registry.example/{name}:1.0.0@{DIGEST}"}
    least = {
        "workload": image, "job": image, "cron-job": {**image, "schedule": "0 3 * * *"},
        "function": {"code": CODE, "runtime": "python3.12", "handler": "handler.handle"},
        "edge-function": {} if "runtime" in fields.get("spec", {}) else EDGE,
        "observability": {**image, "export_to": "https://otlp.example.org"}, **LEAST,
    }  # fmt: skip
    document = {"apiVersion": API_VERSION, "name": name, "kind": kind, "version": "1.0.0", "owner": OWNER, **fields}
    document["spec"] = {**least[kind], **fields.get("spec", {})}
    profile = document.pop("profile", None if kind in UNSIZED else {})
    if profile is not None:
        document["profiles"] = {"dev": profile}
    return CHILD.validate_python(document)


def cluster(name: str, region: str = "eu-west-1") -> ClusterFile:
    """Return a cluster."""
    return ClusterFile(
        apiVersion=API_VERSION, kind="cluster", name=name, region=region, oidc_issuer=f"oidc.example/{name}"
    )


def plan(*children: Child, clusters: tuple[ClusterFile, ...] = (cluster("eu-1"),), **environment: Any) -> Plan:
    """Return the plan of children in environment `dev`; `environment` adds to its file."""
    manifest = {"apiVersion": API_VERSION, "kind": "parent", "name": "shop", "version": "2.0.0", "owner": OWNER}
    dev = {"apiVersion": API_VERSION, "kind": "environment", "name": "dev", "tier": "dev", "clusters": {}}
    dev = {**dev, "aws_account": "123456789012", **environment}
    catalog = Catalog(
        root=ROOT,
        parent=ParentFile.model_validate(manifest),
        environments={"dev": EnvironmentFile.model_validate(dev)},
        clusters={each.name: each for each in clusters},
        children={each.name: each for each in children},
        code={each.name: _code(each) for each in children if each.source},
        files={each.name: ROOT / f"{each.name}.yaml" for each in children},
    )
    return resolve(catalog, StackTarget(environment="dev"))


def _code(made: Child) -> Code:
    """Return the folder a child is made of, as `load` reads it."""
    assert made.source
    folder = ROOT / made.source.folder
    return replace(read_code(folder), objects=made.objects(folder))
