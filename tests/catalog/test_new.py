"""`aoa new child`: what it writes is right at once, and never replaces anything."""

from pathlib import Path
from typing import get_args

import pytest

from appofapps.catalog.new import write_child
from appofapps.catalog.problems import CatalogError
from appofapps.catalog.starter import Kind
from appofapps.plan.validation import validated
from tests.catalog.minimal import FILES, write

FILES_OF_APPS = [name for name in FILES if name.startswith("apps/")]


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_new_child_is_valid_as_it_is(kind: Kind, tmp_path: Path) -> None:
    """The starting file of each kind passes every check, in a catalog that passes them."""
    root = write(tmp_path)

    files = write_child(root, kind, "fresh", "storefront")

    checked = validated(root, root)
    assert checked.problems == ()
    assert checked.children == len(FILES_OF_APPS) + len([file for file in files if file.parent.name == "apps"])
    assert files[0] == root / "apps/fresh.yaml"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A name that is taken, by a file or by a child in another file, is refused, and nothing is written."""
    root = write(tmp_path)
    (root / "apps/cart.yaml").rename(root / "apps/basket.yaml")
    for name in ("cart", "basket"):
        with pytest.raises(CatalogError, match=r"basket.yaml:1: .* is there already"):
            write_child(root, "job", name, "storefront")

    assert not (root / "apps/cart.yaml").exists()


@pytest.mark.parametrize("kind", ["route", "mesh"])
def test_what_is_about_others_needs_one(kind: Kind, tmp_path: Path) -> None:
    """Without a child that can be called there is nothing to write, and it is said what to do first."""
    root = write(
        tmp_path, {name: text for name, text in FILES.items() if name not in {"apps/cart.yaml", "apps/orders.yaml"}}
    )

    with pytest.raises(CatalogError, match=f"a {kind} needs a child that opens a port; write a workload first"):
        write_child(root, kind, "fresh", "storefront")


@pytest.mark.parametrize("name", ["Cart", "cart_1", "-cart", "c" * 41, "../cart"])
def test_a_name_that_is_none_is_refused(name: str, tmp_path: Path) -> None:
    """What would not load is not written either."""
    with pytest.raises(CatalogError, match="is not a name: lower-case letters"):
        write_child(write(tmp_path), "job", name, "storefront")
