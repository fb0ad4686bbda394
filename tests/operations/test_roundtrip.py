"""The text of a catalog file after an edit: what was not asked for stays as people wrote it."""

from pathlib import Path

import pytest

from appofapps.catalog.models.base import API_VERSION
from appofapps.operations.roundtrip import edited

CATALOG = Path(__file__).parents[2] / "catalog"
OURS = sorted(file for file in CATALOG.rglob("*.yaml") if f"\napiVersion: {API_VERSION}\n" in file.read_text())
LAYOUTS = {
    "braces": "ports: [{port: 80}]\n",
    "comment behind the key": "steps: # in order\n  - first\n",
    "dash below the key": "steps:\n- first\n",
    "wide": "spec:\n  steps:\n      -  first\n",
}


def test_files_of_every_folder_are_looked_at() -> None:
    """The shipped catalog has apps, clusters, environments, tenants and their plans, a parent, and a nested one."""
    folders = {"apps", "catalog", "clusters", "environments", "support", "tenants", "tenant-plans"}
    assert {file.parent.name for file in OURS} == folders


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.relative_to(CATALOG).as_posix())
def test_a_shipped_file_comes_back_byte_for_byte(file: Path) -> None:
    """An edit that asks for nothing changes nothing: flow and block, quotes, comments and indentation stay."""
    text = file.read_text()
    assert edited(text, {}) == text


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_layout_is_the_writers(text: str) -> None:
    """However people lay a list out, an edit elsewhere leaves it so."""
    assert edited(text, {"version": "1.0.0"}) == f"{text}version: 1.0.0\n"


def test_a_new_list_is_laid_out_like_the_first_one() -> None:
    """What `aoa` writes looks like what is there."""
    assert edited("needs:\n- cart\n", {"tags": ["a"]}) == "needs:\n- cart\ntags:\n- a\n"
