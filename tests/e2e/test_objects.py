"""Objects that others wrote, on a real API server: plain YAML, overlays, charts."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import yaml

from tests.e2e.project import Project
from tests.e2e.registry import registry
from tests.e2e.small_catalog import API, OWNER, doomed, image, workload

Small = Callable[..., Project]
RESTRICTED = {
    "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True, "runAsUser": 65532,
    "seccompProfile": {"type": "RuntimeDefault"},
}  # fmt: skip
DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
    "metadata": {"name": "sites.test.example.org"},
    "spec": {
        "group": "test.example.org", "scope": "Namespaced", "names": {"kind": "Site", "plural": "sites"},
        "versions": [{"name": "v1", "served": True, "storage": True,
                      "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}}],
    },
}  # fmt: skip
SITE = {"apiVersion": "test.example.org/v1", "kind": "Site", "metadata": {"name": "main"}, "title": "Shop"}


def deployment(name: str = "web", tag: str = "1.0.0") -> dict[str, Any]:
    """Return a Deployment as a chart or a stranger would write it."""
    box = {"name": "web", "image": image(tag), "securityContext": RESTRICTED}
    pod = {"containers": [box], "terminationGracePeriodSeconds": 1}
    return {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name},
        "spec": {"selector": {"matchLabels": {"app": name}},
                 "template": {"metadata": {"labels": {"app": name}}, "spec": pod}},
    }  # fmt: skip


def service(name: str = "web") -> dict[str, Any]:
    """Return a Service within the cluster."""
    spec = {"selector": {"app": name}, "ports": [{"port": 8080}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


def child(kind: str, name: str, spec: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return a child of objects that others wrote."""
    return {
        **API,
        "kind": kind,
        "name": name,
        "version": "1.0.0",
        "owner": OWNER,
        "deadline": 60,
        "spec": spec,
        **fields,
    }


def lay(project: Project, folder: str, objects: Iterable[dict[str, Any]], file: str = "objects.yaml") -> Path:
    """Write objects into a folder of the catalog."""
    path = project.root / "catalog" / folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump_all(objects))
    return path


def init(project: Project, stack: str) -> Project:
    """Make the stack of a project."""
    project.pulumi("stack", "init", stack)
    return project


def conditions(project: Project, stack: str, code: int = 0) -> dict[str, tuple[str, str]]:
    """Return how each child is, and why."""
    seen = project.aoa("status", "--stack", stack, "--json", code=code).json()["children"]
    return {each["address"].partition("@")[0]: (each["condition"], each["cause"]) for each in seen}


class TestManifests:
    """Plain YAML from a folder of the catalog."""

    def test_deploys_changes_and_goes(self, small: Small) -> None:
        """Definitions before what uses them, no drift, one change a changed object, nothing left in the end."""
        spec = {"folder": "manifests/page", "cluster_scoped": ["CustomResourceDefinition"]}
        patch = {"resource": "deployment/web", "merge": {"spec": {"revisionHistoryLimit": 2}}}
        project = small("t30", child("manifests", "page", spec, patches=[patch]), workload("user", "page"))
        lay(init(project, "t30"), "manifests/page", [SITE, deployment(), service(), DEFINITION])

        project.aoa("up", "--stack", "t30", "--yes")

        web = project.get("eu-1", "deployment", "web", "-n", "t30-page")
        assert web["metadata"]["labels"]["app.kubernetes.io/version"] == "1.0.0"
        assert web["spec"]["revisionHistoryLimit"] == 2
        assert project.get("eu-1", "sites.test.example.org", "main", "-n", "t30-page")["title"] == "Shop"
        project.pulumi("preview", "--stack", "t30", "--expect-no-changes", "--refresh")
        assert conditions(project, "t30")["page"] == ("ready", "")

        lay(project, "manifests/page", [SITE, deployment(tag="1.1.0"), service(), DEFINITION])
        project.edit("catalog/apps/page.yaml", lambda page: page.update(version="1.1.0"))
        project.aoa("up", "--stack", "t30", "--yes")
        assert conditions(project, "t30")["page"] == ("ready", "")

        project.pulumi("destroy", "--stack", "t30", "--yes")
        assert project.kubectl("eu-1", "get", "crd", "sites.test.example.org", code=1)

    def test_a_broken_release_is_seen_and_stops_what_needs_it(self, small: Small) -> None:
        """The child is as ready as its least ready object, and states no version that never became ready."""
        project = small(
            "t31", child("manifests", "page", {"folder": "manifests/page"}, deadline=3), workload("user", "page")
        )
        lay(init(project, "t31"), "manifests/page", [deployment(), deployment("other")])
        project.aoa("up", "--stack", "t31", "--yes")

        project.edit("catalog/apps/page.yaml", lambda page: page.update(version="1.1.0", patches=[broken()]))
        project.edit("catalog/apps/user.yaml", lambda user: user.update(version="1.1.0"))
        report = project.aoa("up", "--stack", "t31", "--yes", "--json", code=1).json()

        outcomes = {each["address"].partition("@")[0]: each["outcome"] for each in report["children"]}
        assert outcomes == {"page": "failed", "user": "not started"}
        condition, cause = conditions(project, "t31", code=1)["page"]
        assert condition == "not ready"
        assert cause
        project.pulumi("destroy", "--stack", "t31", "--yes")


def broken() -> dict[str, Any]:
    """Return the patch that keeps the pods of one of two Deployments from becoming ready."""
    return {**doomed("never-ready"), "resource": "deployment/other"}


class TestKustomize:
    """An overlay over a base, both in the catalog."""

    def test_deploys_changes_and_goes(self, small: Small) -> None:
        """The rendered objects are the child's own: place, labels, patches, no drift, readiness, and their end."""
        patch = {"resource": "deployment/web", "merge": {"spec": {"revisionHistoryLimit": 2}}}
        page = child("kustomize", "page", {"folder": "overlays/page"}, patches=[patch])
        project = init(small("t32", page, workload("user", "page")), "t32")
        lay(project, "bases/page", [deployment(), service()])
        lay(project, "bases/page", [{"resources": ["objects.yaml"]}], "kustomization.yaml")
        overlay = {"resources": ["../../bases/page"], "replicas": [{"name": "web", "count": 2}]}
        lay(project, "overlays/page", [overlay], "kustomization.yaml")

        project.aoa("up", "--stack", "t32", "--yes")

        web = project.get("eu-1", "deployment", "web", "-n", "t32-page")
        assert (web["spec"]["replicas"], web["spec"]["revisionHistoryLimit"]) == (2, 2)
        assert web["metadata"]["labels"]["app.kubernetes.io/version"] == "1.0.0"
        assert web["metadata"]["labels"]["appofapps.dev/child"] == "page"
        assert project.get("eu-1", "service", "web", "-n", "t32-page")["metadata"]["annotations"][
            "pulumi.com/skipAwait"
        ]
        project.pulumi("preview", "--stack", "t32", "--expect-no-changes", "--refresh")
        assert conditions(project, "t32")["page"] == ("ready", "")

        project.edit("catalog/overlays/page/kustomization.yaml", lambda file: file["replicas"][0].update(count=1))
        seen = project.aoa("preview", "--stack", "t32", "--json", code=1).json()["children"]
        assert {each["address"]: each["verb"] for each in seen}["page@eu-1"] == "changed"
        project.aoa("up", "--stack", "t32", "--yes")
        assert project.get("eu-1", "deployment", "web", "-n", "t32-page")["spec"]["replicas"] == 1
        project.pulumi("destroy", "--stack", "t32", "--yes")
        assert project.kubectl("eu-1", "get", "namespace", "t32-page", code=1)

    def test_an_object_that_is_not_for_the_child_is_never_made(self, small: Small) -> None:
        """What only shows in the rendering is refused in preview and `up`, with what to type instead; others go on."""
        role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "page"}, "rules": []}
        project = init(small("t33", child("kustomize", "page", {"folder": "overlays/page"}), workload("other")), "t33")
        lay(project, "overlays/page", [role], "role.yaml")
        rename = {"target": {"kind": "Role"}, "options": {"allowKindChange": True},
                  "patch": "- {op: replace, path: /kind, value: ClusterRole}"}  # fmt: skip
        lay(project, "overlays/page", [{"resources": ["role.yaml"], "patches": [rename]}], "kustomization.yaml")

        for verb in (["preview"], ["up", "--yes"]):
            refused = project.aoa(*verb, "--stack", "t33", code=None)
            assert refused.code != 0
            assert "clusterrole/page is an object of the whole cluster, which this child may not have" in refused.text
            assert "Traceback" not in refused.text
        assert project.kubectl("eu-1", "get", "clusterrole", "page", code=1)
        assert [each["metadata"]["name"] for each in project.items("eu-1", "namespaces", "t33")] == ["t33-other"]
        project.pulumi("destroy", "--stack", "t33", "--yes")


BROKEN = '{{ required "say which shop" .Values.shop }}\n'
"""A template that fails."""
CHART = {"apiVersion": "v2", "name": "shop", "version": "0.1.0", "appVersion": "9.9.9"}
SCHEMA = {"type": "object", "properties": {"replicas": {"type": "integer", "maximum": 3}}}
TEMPLATE = yaml.safe_dump_all([deployment(), service()])
HOOK = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: hooked
  annotations:
    helm.sh/hook: pre-install
"""


def chart(root: Path, **files: str) -> Path:
    """Write a chart with a Deployment and a Service; `files` are more templates."""
    templates = {
        "objects": TEMPLATE.replace("  selector:", "  replicas: {{ .Values.replicas }}\n  selector:", 1),
        **files,
    }
    for name, text in {
        "Chart.yaml": yaml.safe_dump(CHART), "values.yaml": "replicas: 1\n", "values.schema.json": json.dumps(SCHEMA),
        **{f"templates/{name}.yaml": text for name, text in templates.items()},
    }.items():  # fmt: skip
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def packaged(project: Project, folder: Path) -> tuple[Path, str]:
    """Package a chart with the real helm; return the archive and its digest."""
    folder.mkdir(parents=True)
    source = chart(project.root / "source/shop")
    assert project.run("helm", "package", str(source), "--destination", str(folder)).code == 0
    archive = folder / "shop-0.1.0.tgz"
    return archive, "sha256:" + hashlib.sha256(archive.read_bytes()).hexdigest()


class TestCharts:
    """Charts from the catalog, from a repository, and from a registry, by both engines."""

    def test_a_local_chart_deploys_changes_and_goes(self, small: Small) -> None:
        """Under `engine: chart` its objects are resources: labels, patches, preview, no drift, readiness."""
        patch = {"resource": "deployment/web", "merge": {"spec": {"revisionHistoryLimit": 2}}}
        spec = {"chart": {"folder": "charts/shop"}, "values": {"replicas": 2}}
        project = init(small("t34", child("helm", "shop", spec, patches=[patch]), workload("user", "shop")), "t34")
        chart(project.root / "catalog/charts/shop")

        project.aoa("up", "--stack", "t34", "--yes")

        web = project.get("eu-1", "deployment", "web", "-n", "t34-shop")
        assert (web["spec"]["replicas"], web["spec"]["revisionHistoryLimit"]) == (2, 2)
        assert web["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "app-of-apps"
        project.pulumi("preview", "--stack", "t34", "--expect-no-changes", "--refresh")
        assert conditions(project, "t34")["shop"] == ("ready", "")
        project.edit("catalog/apps/shop.yaml", lambda shop: shop["spec"]["values"].update(replicas=1))
        project.aoa("up", "--stack", "t34", "--yes")
        assert project.get("eu-1", "deployment", "web", "-n", "t34-shop")["spec"]["replicas"] == 1
        project.pulumi("destroy", "--stack", "t34", "--yes")

    def test_a_chart_that_cannot_be_rendered_fails_alone(self, small: Small) -> None:
        """At first and later: the unrelated is deployed, what needs it is not begun, what it has stays; then all is."""
        spec = {"chart": {"folder": "charts/shop"}, "values": {"replicas": 2}}
        children = child("helm", "shop", spec), workload("user", "shop"), workload("other")
        project = init(small("t38", *children), "t38")
        extra = chart(project.root / "catalog/charts/shop", broken=BROKEN) / "templates/broken.yaml"

        def fails() -> None:
            report = project.aoa("up", "--stack", "t38", "--yes", "--json", code=1).json()
            found = {each["address"]: each for each in report["children"]}
            assert {name: each["outcome"] for name, each in found.items()} == {
                "shop@eu-1": "failed", "user@eu-1": "not started", "other@eu-1": "deployed",
            }  # fmt: skip
            assert "say which shop" in found["shop@eu-1"]["cause"]

        fails()
        assert [each["metadata"]["name"] for each in project.items("eu-1", "namespaces", "t38")] == ["t38-other"]
        extra.unlink()
        project.aoa("up", "--stack", "t38", "--yes")
        before = project.get("eu-1", "deployment", "web", "-n", "t38-shop")

        extra.write_text(BROKEN)
        for name in ("user", "other"):
            project.edit(f"catalog/apps/{name}.yaml", lambda each: each.update(version="1.1.0"))
        fails()
        assert project.get("eu-1", "deployment", "web", "-n", "t38-shop")["metadata"] == before["metadata"]
        extra.unlink()
        project.edit("catalog/apps/shop.yaml", lambda shop: shop["spec"]["values"].update(replicas=None))
        project.aoa("up", "--stack", "t38", "--yes")
        # The chart's own value is removed, too, and Kubernetes' default holds.
        assert project.get("eu-1", "deployment", "web", "-n", "t38-shop")["spec"]["replicas"] == 1
        assert set(conditions(project, "t38").values()) == {("ready", "")}
        project.pulumi("preview", "--stack", "t38", "--expect-no-changes", "--refresh")
        project.pulumi("destroy", "--stack", "t38", "--yes")

    def test_a_release_runs_its_hooks(self, small: Small) -> None:
        """Under `engine: release` helm itself installs, hooks included; status looks at what it made."""
        spec = {"engine": "release", "chart": {"folder": "charts/shop"}}
        project = init(small("t35", child("helm", "shop", spec)), "t35")
        chart(project.root / "catalog/charts/shop", hook=HOOK)

        project.aoa("up", "--stack", "t35", "--yes")

        assert project.kubectl("eu-1", "get", "configmap", "hooked", "-n", "t35-shop")
        project.pulumi("preview", "--stack", "t35", "--expect-no-changes", "--refresh")
        assert conditions(project, "t35")["shop"] == ("ready", "")
        project.pulumi("destroy", "--stack", "t35", "--yes")
        assert project.kubectl("eu-1", "get", "namespace", "t35-shop", code=1)

    def test_a_chart_of_a_repository(self, small: Small, tmp_path: Path) -> None:
        """What is not of the pinned digest, or not there, changes nothing; the right one deploys."""
        spec = {"chart": {"repository": "http://127.0.0.1:1", "name": "shop", "version": "0.1.0",
                          "digest": "sha256:" + "b" * 64}}  # fmt: skip
        project = init(small("t36", child("helm", "shop", spec)), "t36")
        archive, digest = packaged(project, tmp_path / "repository")
        assert project.run("helm", "repo", "index", str(archive.parent)).code == 0
        with served(archive.parent) as address:
            source = spec["chart"] | {"repository": address}
            project.edit("catalog/apps/shop.yaml", lambda shop: shop["spec"].update(chart=source))
            refused = project.aoa("up", "--stack", "t36", "--yes", code=None)
            assert refused.code != 0
            assert f"is not the digest of {address}/shop 0.1.0; it is {digest}" in refused.text
            unknown = source | {"version": "0.2.0"}
            project.edit("catalog/apps/shop.yaml", lambda shop: shop["spec"].update(chart=unknown))
            refused = project.aoa("up", "--stack", "t36", "--yes", code=None)
            assert refused.code != 0
            assert "shop 0.2.0 cannot be fetched: " in refused.text
            assert not project.items("eu-1", "namespaces", "t36")

            right = source | {"digest": digest}
            project.edit("catalog/apps/shop.yaml", lambda shop: shop["spec"].update(chart=right))
            project.aoa("up", "--stack", "t36", "--yes")
        assert project.get("eu-1", "deployment", "web", "-n", "t36-shop")
        # Fetched once: the repository is gone, and nothing needs it.
        project.pulumi("preview", "--stack", "t36", "--expect-no-changes", "--refresh")
        project.pulumi("destroy", "--stack", "t36", "--yes")

    def test_a_chart_of_a_registry(self, small: Small, tmp_path: Path) -> None:
        """Pushed by the real helm, pinned by the digest of its archive, installed by either engine."""
        project = init(small("t37", child("helm", "shop", {"chart": {"folder": "charts/shop"}})), "t37")
        archive, digest = packaged(project, tmp_path / "archives")
        with registry() as host:
            assert project.run("helm", "push", str(archive), f"oci://{host}/charts", "--plain-http").code == 0
            source = {"oci": f"oci://{host}/charts/shop", "version": "0.1.0", "digest": digest, "plain_http": True}
            spec = {"engine": "release", "chart": source}
            project.edit("catalog/apps/shop.yaml", lambda shop: shop.update(spec=spec))
            project.aoa("up", "--stack", "t37", "--yes")
        assert project.get("eu-1", "deployment", "web", "-n", "t37-shop")
        project.pulumi("destroy", "--stack", "t37", "--yes")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback, as a chart repository is: an index and archives."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
