# ruff: noqa: D103 - the names of the tests say it
"""One cluster and moto in a folder of their own: up, one stop and start, down, nothing left."""

import pytest

from sandbox import control_plane, lifecycle, nodes
from sandbox.layout import Layout
from sandbox.ports import is_free
from sandbox.processes import is_alive
from sandbox.state import load

pytestmark = pytest.mark.e2e


def test_nothing_survives(tmp_path):
    state = lifecycle.up(["ap-1"], tmp_path)
    try:
        assert all(map(is_alive, state.servers()))
        assert not any(map(is_free, state.ports()))
        assert lifecycle.up(["ap-1"], tmp_path) == state
        _stops_and_comes_back(tmp_path)
        state = load(tmp_path)
    finally:
        lifecycle.down(tmp_path)
    assert not any(map(is_alive, state.servers()))
    assert all(map(is_free, state.ports()))
    assert not Layout(tmp_path).home.exists()


def _stops_and_comes_back(root):
    before = load(root).clusters["ap-1"]
    control_plane.access(before, root).call(
        "/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kept"}}
    )
    control_plane.stop("ap-1", root)
    assert is_free(before.api_port)
    assert load(root).cloud.is_up
    after = control_plane.start("ap-1", root)
    assert (after.url, after.token) == (before.url, before.token)
    api = control_plane.access(after, root)
    assert api.call("/api/v1/namespaces/kept")["status"]["phase"] == "Active"
    assert nodes.are_ready(api)
