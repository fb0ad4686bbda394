"""Edits of catalog files by `aoa`: people's comments and style stay."""

from pathlib import Path

import pytest

from appofapps.operations.rewrite import edit

CATALOG = Path(__file__).parents[2] / "catalog"
OURS = [file for file in sorted(CATALOG.rglob("*.yaml")) if "apiVersion: appofapps.dev/" in file.read_text()]
"""Without the objects and charts that children are made of: `aoa` edits none of those."""


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.stem)
def test_an_edit_changes_what_it_changes_and_nothing_else(file: Path, tmp_path: Path) -> None:
    """Every shipped file comes out as it went in, comments, quotes, long lines and lists included."""
    copy = tmp_path / file.name
    copy.write_bytes(file.read_bytes())
    edit(copy, lambda _: None)
    assert copy.read_text() == file.read_text()


@pytest.mark.parametrize(
    "text", ["a:\n- b # why\n- c: 1\n  d: 2\n", "a:\n  b:\n  - c\n", "a:\n  - b\n  - c:\n      - d\n"]
)
def test_lists_keep_their_dashes_where_they_are(text: str, tmp_path: Path) -> None:
    """Both styles of list are in use."""
    file = tmp_path / "x.yaml"
    file.write_text(text)
    edit(file, lambda document: document.update(d="e"))
    assert file.read_text() == text + "d: e\n"
