"""The page on complaints names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_test_it_names_is_there() -> None:
    """Who renames or removes one has to say what holds now."""
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs/complaints.md").read_text()))
    there = {
        name for file in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)", file.read_text())
    }

    assert named
    assert named <= there
