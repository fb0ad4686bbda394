"""The kind `helm`: what can be refused of a chart and its values before it is rendered."""

# ruff: noqa: E501 - one case a line

import json
import tarfile
from pathlib import Path

import pytest

from appofapps.catalog.chart import read_chart
from appofapps.catalog.locate import locate_all
from appofapps.plan.validation import validated
from tests.catalog.minimal import FILES, write

CHILD = """\
apiVersion: appofapps.dev/v1
kind: helm
name: page
version: 1.0.0
owner: {team: storefront, oncall: storefront, runbook: "https://runbooks.example/page"}
patches:
  - resource: deployment/page
    merge: {spec: {revisionHistoryLimit: 2}}
profiles:
  prod:
    values: {replicas: 2}
spec:
  engine: chart
  chart: {folder: charts/page}
  values:
    image: {tag: 1.0.0}
"""
SCHEMA = {
    "type": "object",
    "required": ["replicas"],
    "properties": {
        "replicas": {"type": "integer"},
        "image": {"type": "object", "properties": {"tag": {"type": "string"}}, "additionalProperties": False},
    },
}
HOOK = 'metadata:\n  annotations:\n    "helm.sh/hook": %s\n'
GOOD = {
    "apps/page.yaml": CHILD,
    "charts/page/Chart.yaml": "apiVersion: v2\nname: page\nversion: 0.1.0\n",
    "charts/page/values.yaml": "replicas: 1\nimage: {tag: 0.1.0}\n",
    "charts/page/values.schema.json": json.dumps(SCHEMA),
    "charts/page/templates/page.yaml": "kind: Deployment\n",
    "charts/page/templates/tests/up.yaml": HOOK % "test",
}
APP, PULLED = "apps/page.yaml", "chart: {repository: 'https://charts.example', name: page, version: 1.0.0"

CASES = {
    "hook": ("charts/page/templates/page.yaml", "kind:", HOOK % "pre-install" + "kind:", 13, "templates/page.yaml is a hook (pre-install), which `engine: chart` would leave out; write `engine: release`"),
    "definitions": ("charts/page/crds/page.yaml", "", "kind: CustomResourceDefinition\n", 14, "write `cluster_scoped: [CustomResourceDefinition]`"),
    "value": (APP, "{tag: 1.0.0}", "{tag: 1}", 16, "values.image.tag: 1 is not of type 'string'; values.schema.json of the chart says so"),
    "unknown-value": (APP, "{tag: 1.0.0}", "{tga: a}", 16, "values.image: Additional properties are not allowed ('tga' was unexpected)"),
    "value-of-a-tier": (APP, "{replicas: 2}", "{replicas: two}", 11, "values.replicas: 'two' is not of type 'integer'"),
    "no-chart": (APP, "charts/page", "functions/fraud", 14, "has no Chart.yaml: not a chart"),
    "no-folder": (APP, "charts/page", "charts/pages", 14, "no such folder in the catalog"),
    "patch-of-a-release": (APP, "engine: chart", "engine: release", 7, "'deployment/page': a helm has no such resource"),
    "no-digest": (APP, "chart: {folder: charts/page", PULLED, 14, "spec.chart.digest: missing"),
    "range": (APP, "chart: {folder: charts/page", PULLED.replace("1.0.0", "^1"), 14, "'^1' is not of the form"),
}  # fmt: skip


def problems(root: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    """Return the place and the text of each problem of a catalog with such a chart."""
    write(root, {**FILES, **files})
    found = locate_all(validated(root, root).problems)
    return [(f"{each.problem.file.relative_to(root)}:{each.line}", str(each)) for each in found]


def test_a_good_chart_passes(tmp_path: Path) -> None:
    """Hooks for `helm test` are no hindrance: nothing runs them unasked."""
    assert problems(tmp_path, GOOD) == []


@pytest.mark.parametrize("name", CASES)
def test_what_is_refused(name: str, tmp_path: Path) -> None:
    """Each is told in the line of the child's file that says so, with the way out."""
    file, old, new, line, message = CASES[name]

    found = problems(tmp_path, {**GOOD, file: GOOD.get(file, "").replace(old, new, 1)})

    assert (f"{APP}:{line}", True) in [(place, message in said) for place, said in found], found


def test_hooks_are_for_releases(tmp_path: Path) -> None:
    """The way out that a refusal names is one."""
    hooked = {**GOOD, "charts/page/templates/page.yaml": HOOK % "pre-install,pre-upgrade"}
    released = CHILD.replace("engine: chart", "engine: release").replace("deployment/page", "release")

    assert problems(tmp_path, {**hooked, APP: released}) == []


def test_an_archive_reads_like_its_folder(tmp_path: Path) -> None:
    """What is checked of a local chart is checked of a fetched one."""
    folder = write(tmp_path, GOOD) / "charts/page"
    with tarfile.open(tmp_path / "page.tgz", "w:gz") as archive:
        archive.add(folder, "page")

    assert read_chart(tmp_path / "page.tgz") == read_chart(folder)
