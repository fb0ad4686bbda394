"""Patches: the last word of a catalog file over one resource."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appofapps.plan.patches import merge

plain = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
documents = st.dictionaries(st.sampled_from("abc"), plain, max_size=3)


@pytest.mark.parametrize(
    ("document", "patch", "merged"),
    [
        ({"a": 1, "b": 2}, {"b": 3}, {"a": 1, "b": 3}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"c": 3}}, {"a": {"b": 1, "c": 3}}),
        ({"a": 1, "b": 2}, {"b": None}, {"a": 1}),
        ({"a": {"b": 1}}, {"a": {"b": None}}, {"a": {}}),
        ({"a": {}}, {"a": {"b": {"c": None, "d": 1}}}, {"a": {"b": {"d": 1}}}),
        ({"args": [1, 2]}, {"args": [3]}, {"args": [3]}),
        ({"a": 1}, {"a": {"b": 2}}, {"a": {"b": 2}}),
        (
            {"containers": [{"name": "main", "image": "x", "tty": True}, {"name": "proxy"}]},
            {"containers": [{"name": "main", "tty": None, "cpu": 1}, {"name": "extra"}]},
            {"containers": [{"name": "main", "image": "x", "cpu": 1}, {"name": "proxy"}, {"name": "extra"}]},
        ),
    ],
    ids=["value", "mapping", "removal", "inner-removal", "new-mapping", "list", "mapping-over-value", "named-items"],
)
def test_what_a_patch_does(
    document: Mapping[str, object], patch: Mapping[str, object], merged: Mapping[str, object]
) -> None:
    """Mappings merge by key, named items by name, the rest is replaced, and null removes."""
    assert merge(document, patch) == merged


@given(documents, documents)
def test_a_patch_twice_is_a_patch_once(document: dict[str, object], patch: dict[str, object]) -> None:
    """Applying the same patch again changes nothing, and neither input is ever changed."""
    before = (repr(document), repr(patch))
    once = merge(document, patch)

    assert merge(once, patch) == once
    assert (repr(document), repr(patch)) == before
