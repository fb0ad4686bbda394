"""Stack files: what they take of the catalog, and what is wrong with them or between them."""

from pathlib import Path

import pytest

from appofapps.catalog.load import load
from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.problems import CatalogError
from appofapps.catalog.stacks import load_stacks
from appofapps.plan.checks.partitions import check_partition
from tests.catalog.minimal import FILES, write

DEV = StackTarget(environment="dev")


def stack(project: Path, name: str, config: str) -> None:
    """Write a stack's file with these lines under `config:`."""
    (project / f"Pulumi.{name}.yaml").write_text(f"encryptionsalt: v1:x\nconfig:\n{config}")


def test_stacks_are_read_from_pulumis_own_files(tmp_path: Path) -> None:
    """Each `Pulumi.<stack>.yaml` is a target; settings of others and `confirm-deletions` are left alone."""
    stack(tmp_path, "dev", "  app-of-apps:environment: dev\n  app-of-apps:confirm-deletions: 3\n  aws:region: x\n")
    stack(tmp_path, "eu", "  app-of-apps:environment: prod\n  app-of-apps:clusters: {stage: [live]}\n")

    assert load_stacks(tmp_path) == {
        "dev": DEV,
        "eu": StackTarget(environment="prod", clusters={"stage": ("live",)}),
    }


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("  app-of-apps:select: {}\n", r"Pulumi.x.yaml:2: environment: missing; add `app-of-apps:environment: NAME`"),
        (
            "  app-of-apps:environment: dev\n  app-of-apps:selct: {}\n",
            r"yaml:4: unknown setting 'app-of-apps:selct'; did",
        ),
        ("  app-of-apps:environment: [dev]\n", r"yaml:3: environment: a list should be a valid string"),
        ("  app-of-apps:environment: dev\n  oops\n", r"yaml:\d: not YAML"),
    ],
)
def test_a_bad_stack_file_is_said_with_its_line(config: str, expected: str, tmp_path: Path) -> None:
    """A stack file that is wrong names its line and the setting to write."""
    stack(tmp_path, "x", config)

    with pytest.raises(CatalogError, match=expected):
        load_stacks(tmp_path)


@pytest.mark.parametrize(
    ("stacks", "expected"),
    [
        ({"a": StackTarget(environment="dve")}, "environment 'dve': no such environment; did you mean 'dev'?"),
        (
            {"a": StackTarget(environment="dev", clusters={"name": "eu-1"})},
            "clusters: the selector matches no cluster of dev",
        ),
        (
            {"a": StackTarget(environment="dev", select={"team": "nobody"})},
            "select: the selector matches no child of dev",
        ),
        (
            {"a": DEV, "b": DEV},
            "stacks a and b both take cart@test-1, fraud@eu-west-1, orders@test-1 of environment dev",
        ),
    ],
)
def test_stacks_share_the_children_out(stacks: dict[str, StackTarget], expected: str, tmp_path: Path) -> None:
    """A stack takes something, of an environment there is, that no other stack takes."""
    with pytest.raises(CatalogError) as refused:
        check_partition(load(write(tmp_path)), stacks)

    assert expected in str(refused.value)


def test_stacks_that_wait_for_each_other_are_refused_with_the_path(tmp_path: Path) -> None:
    """A partition that no order could run is refused with the circle and the needs that make it."""
    fraud = FILES["apps/fraud.yaml"].replace("needs: [orders]", "needs: [cart]")
    catalog = load(write(tmp_path, {**FILES, "apps/fraud.yaml": fraud}))
    stacks = {
        "core": StackTarget(environment="dev", select={"name": ("orders", "fraud")}),
        "shop": StackTarget(environment="dev", select={"name": "cart"}),
    }

    with pytest.raises(CatalogError) as refused:
        check_partition(catalog, stacks)

    assert "-> shop ->" in str(refused.value) or "-> core ->" in str(refused.value)
    assert "cart@test-1 needs orders@test-1" in str(refused.value)
    assert "fraud@eu-west-1 needs cart@test-1" in str(refused.value)


def test_a_partition_that_has_an_order_passes(tmp_path: Path) -> None:
    """Stacks that need each other one way only are fine."""
    stacks = {
        "core": StackTarget(environment="dev", select={"name": "orders"}),
        "shop": StackTarget(environment="dev", select={"name": ("cart", "fraud")}),
        "prod": StackTarget(environment="prod"),
    }

    check_partition(load(write(tmp_path)), stacks)
