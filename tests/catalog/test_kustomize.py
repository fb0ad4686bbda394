"""The kind `kustomize`: what is refused of an overlay before it is rendered."""

from pathlib import Path

import pytest

from appofapps.catalog.locate import locate_all
from appofapps.plan.validation import validated
from tests.catalog.minimal import FILES, write
from tests.catalog.test_manifests import CHILD, OBJECTS, ROLE

OVERLAY = """\
resources:
  - ../../bases/page
patches:
  - path: more.yaml
  - patch: |
      - {op: replace, path: /spec/replicas, value: 2}
    target: {kind: Deployment}
configMapGenerator:
  - name: settings
    files: [app.ini=settings.ini]
"""
GOOD = {
    "apps/page.yaml": CHILD.replace("manifests/page", "overlays/page").replace("manifests", "kustomize"),
    "overlays/page/kustomization.yaml": OVERLAY,
    "overlays/page/more.yaml": "spec: {}\n",
    "overlays/page/settings.ini": "a=b\n",
    "bases/page/kustomization.yaml": "resources: [page.yaml]\n",
    "bases/page/page.yaml": OBJECTS,
}
FILE = "overlays/page/kustomization.yaml"

CASES = {
    "remote": (FILE, "../../bases/page", "https://example.org/bases?ref=v1", 2, "is outside the catalog; copy it into"),
    "outside": (FILE, "../../bases/page", "../../../page", 2, "'../../../page' is outside the catalog"),
    "unknown": (FILE, "../../bases/page", "../../bases/pages", 2, "no such file or folder"),
    "no-base": (FILE, "../../bases/page", "../../functions/fraud", 2, "has no kustomization.yaml"),
    "patch-outside": (FILE, "path: more.yaml", "path: ../../../more.yaml", 4, "is outside the catalog"),
    "file-outside": (
        FILE,
        "app.ini=settings.ini",
        "app.ini=/etc/hostname",
        10,
        "'/etc/hostname' is outside the catalog",
    ),
    "namespace": (FILE, "patches:", "namespace: web\npatches:", 3, "namespace: not in a child's overlay"),
    "secrets": (FILE, "configMapG", "secretG", 8, "secretGenerator: not in a child's overlay; keep the value in"),
    "charts": (FILE, "patches:", "helmCharts: []\npatches:", 3, "make the chart a child of kind `helm`"),
    "plugins": (FILE, "patches:", "transformers: [a.yaml]\npatches:", 3, "plugins run programs"),
    "cluster-wide": ("bases/page/page.yaml", OBJECTS, OBJECTS + ROLE, 20, "clusterrole/page is an object of the whole"),
    "syntax": (FILE, "- ../../bases/page", "[../../bases/page", 3, "not YAML"),
}


def problems(root: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    """Return the place and the text of each problem of a catalog with such an overlay."""
    write(root, {**FILES, **files})
    found = locate_all(validated(root, root).problems)
    return [(f"{each.problem.file.relative_to(root)}:{each.line}", str(each)) for each in found]


def test_a_good_overlay_passes(tmp_path: Path) -> None:
    """Bases, patches in files and in place, and generated ConfigMaps are what overlays are for."""
    assert problems(tmp_path, GOOD) == []


@pytest.mark.parametrize("name", CASES)
def test_what_is_refused(name: str, tmp_path: Path) -> None:
    """Each is told in the line of the file that says so, a base's included."""
    file, old, new, line, message = CASES[name]

    found = problems(tmp_path, {**GOOD, file: GOOD[file].replace(old, new)})

    assert (f"{file}:{line}", True) in [(place, message in said) for place, said in found], found


def test_a_folder_without_a_kustomization_is_refused(tmp_path: Path) -> None:
    """It may be one of plain YAML, which is another kind."""
    (place, said), *_ = problems(
        tmp_path,
        {**GOOD, "apps/page.yaml": GOOD["apps/page.yaml"].replace("overlays", "bases").replace("bases/page", "bases")},
    )

    assert place == "apps/page.yaml:10"
    assert "has no kustomization.yaml; write one, or make it a child of kind `manifests`" in said
