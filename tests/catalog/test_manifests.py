"""The kind `manifests`: what is refused of plain YAML, and where."""

# ruff: noqa: E501 - one case a line

from pathlib import Path

import pytest

from appofapps.catalog.locate import locate_all
from appofapps.plan.validation import validated
from tests.catalog.minimal import DIGEST, FILES, write

CHILD = """\
apiVersion: appofapps.dev/v1
kind: manifests
name: page
version: 1.0.0
owner: {team: storefront, oncall: storefront, runbook: "https://runbooks.example/page"}
patches:
  - resource: deployment/page
    merge: {spec: {replicas: 2}}
spec:
  folder: manifests/page
"""
OBJECTS = f"""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: page
data:
  TITLE: Shop
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: page
spec:
  template:
    spec:
      containers:
        - name: page
          image: registry.example/page:1.0.0@{DIGEST}
"""
ROLE = "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: page}\n"
SCOPE = "  scope: Cluster\n  names: {kind: Site}\n"
DEFINITION = (
    f"---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: s}}\nspec:\n{SCOPE}"
)

OBJECT_CASES = {
    "cluster-wide": (OBJECTS + ROLE, "kind: ClusterRole", "clusterrole/page is an object of the whole cluster, which this "
                     "child may not have; if that is meant, write `cluster_scoped: [ClusterRole]` under `spec`"),
    "own-cluster-kind": (OBJECTS + DEFINITION + "---\napiVersion: e.org/v1\nkind: Site\nmetadata: {name: a}\n",
                         "kind: Site\n", "site/a is an object of the whole cluster"),
    "namespace": (OBJECTS.replace("name: page\ndata", "name: page\n  namespace: web\ndata"), "namespace: web",
                  "metadata.namespace: the child's own is set, in every environment another; remove it"),
    "secret": (OBJECTS + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: page}\nstringData: {a: b}\n", "stringData",
               "secret/page holds a secret in clear text; keep the value in a secret store"),
    "leak": (OBJECTS.replace("TITLE: Shop", "API_KEY: hunter2"), "API_KEY", "'API_KEY' looks like a secret"),
    "floating": (OBJECTS.replace(f"1.0.0@{DIGEST}", "latest"), "image:", "has a floating tag; pin it"),
    "no-digest-in-prod": (OBJECTS.replace(f"@{DIGEST}", ""), "image:", "has no digest, and 'page' is deployed in prod"),
    "no-kind": (OBJECTS.replace("kind: ConfigMap\n", ""), "apiVersion: v1", "kind: missing: not a Kubernetes object"),
    "no-name": (OBJECTS.replace("  name: page\ndata", "  labels: {}\ndata"), "metadata:", "needs a name of its own"),
    "list": (OBJECTS.replace("kind: ConfigMap", "kind: ConfigMapList"), "kind: ConfigMapList", "write its items as"),
    "twice": (OBJECTS + OBJECTS.replace("apiVersion: v1", "---\napiVersion: v1", 1).partition("---\napiVersion: apps")[0],
              "", "configmap/page is there twice, first in page.yaml; rename or remove one"),
    "syntax": (OBJECTS.replace("TITLE: Shop", "TITLE: [Shop"), "", "not YAML"),
    "no-object": ("- a\n- b\n", "- a", "holds something that is no Kubernetes object"),
}  # fmt: skip


def problems(root: Path, objects: str = OBJECTS, child: str = CHILD) -> list[tuple[str, str]]:
    """Return the place and the text of each problem of a catalog with such a child."""
    write(root, {**FILES, "apps/page.yaml": child, "manifests/page/page.yaml": objects})
    found = locate_all(validated(root, root).problems)
    return [(f"{each.problem.file.relative_to(root)}:{each.line}", str(each)) for each in found]


def test_a_good_folder_passes(tmp_path: Path) -> None:
    """Plain YAML as it is published needs nothing but the name of its folder."""
    assert problems(tmp_path) == []


@pytest.mark.parametrize("name", OBJECT_CASES)
def test_what_is_refused_of_objects(name: str, tmp_path: Path) -> None:
    """Each is told in the line of its own file, with what to type instead."""
    objects, text, message = OBJECT_CASES[name]

    found = [(place, said) for place, said in problems(tmp_path, objects) if message in said]

    assert found, problems(tmp_path, objects)
    if text:
        line = 1 + objects[: objects.index(text)].count("\n")
        assert found[0][0] == f"manifests/page/page.yaml:{line}"


def test_kinds_of_the_whole_cluster_need_a_permission(tmp_path: Path) -> None:
    """With it they pass; the permission names kinds, so that another kind is refused all the same."""
    allowed = CHILD + "  cluster_scoped: [ClusterRole, CustomResourceDefinition]\n"

    assert problems(tmp_path / "a", OBJECTS + ROLE, allowed) == []
    other = OBJECTS + ROLE.replace("ClusterRole", "ClusterRoleBinding")
    assert "clusterrolebinding/page" in problems(tmp_path / "b", other, allowed)[0][1]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("deployment/page", "deployment/pages", 7, "no such object in 'manifests/page'; did you mean 'deployment/page'?"),
        ("deployment/page", "depolyment", 7, "a manifests has no such resource"),
        ("folder: manifests/page", "folder: manifests/pages", 10, "no such folder in the catalog"),
        ("folder: manifests/page", f"folder: manifests/page\n  digest: sha256:{'b' * 64}", 11, "is not the hash of"),
    ],
)  # fmt: skip
def test_what_is_refused_of_the_child(old: str, new: str, line: int, message: str, tmp_path: Path) -> None:
    """Patches of what is not there, another folder, another content than the pinned one."""
    (place, said), *more = problems(tmp_path, child=CHILD.replace(old, new))

    assert place == f"apps/page.yaml:{line}"
    assert message in said
    assert not more
