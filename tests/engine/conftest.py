"""Fixtures of the engine's tests."""

from pathlib import Path

import pytest

from tests.engine.shop_project import Shop, make_shop


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Return a project whose world is a directory."""
    return make_shop(tmp_path, monkeypatch.setenv)
