"""The generated catalog."""

from pathlib import Path

import yaml

from appofapps.catalog.load import load
from appofapps.catalog.models.kinds import CHILD
from appofapps.catalog.models.parent import StackTarget
from appofapps.plan.resolve import resolve
from bench import catalog


def test_children_are_divided_by_label(tmp_path: Path) -> None:
    """Stacks that select by shard take every child exactly once, in equal parts."""
    catalog.write(tmp_path, 8, {"ours": "quota"}, shards=4)
    children = [CHILD.validate_python(yaml.safe_load(file.read_text())) for file in (tmp_path / "apps").iterdir()]

    assert sorted(child.labels[catalog.SHARD] for child in children) == [*"00112233"]


def test_a_release_changes_one_child(tmp_path: Path) -> None:
    """One changed child means one file with another version and image."""
    catalog.write(tmp_path, 2, {"ours": "quota"})
    before = [catalog.child_file(tmp_path, number).read_text() for number in (0, 1)]
    catalog.release(tmp_path, 0)
    after = [catalog.child_file(tmp_path, number).read_text() for number in (0, 1)]

    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True]
    assert CHILD.validate_python(yaml.safe_load(after[0])).version == catalog.NEXT_VERSION


def test_one_tenant_is_poisoned(tmp_path: Path) -> None:
    """All tenants have as many children, in namespaces of their own; one child of the last never becomes ready."""
    catalog.write_tenants(tmp_path, "day", 3, 5, poisoned=True)
    plans = [resolve(load(tmp_path), StackTarget(environment="day", tenant=f"tenant{n}")) for n in range(3)]
    children = [planned for plan in plans for planned in plan.children]

    assert len({planned.name for planned in children}) == 3 * 5
    assert [planned.name for planned in children if planned.child.patches] == ["day-tenant2-poisoned"]
