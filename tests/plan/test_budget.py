"""The deletion budget."""

import pytest

from appofapps.catalog.models.parent import DeletionBudget
from appofapps.plan.budget import Overrun, addresses, allowed, excess
from appofapps.plan.plan import Address
from tests.components.catalogs import child, plan


def everywhere(*names: str, places: tuple[str, ...] = ("eu-1", "us-1")) -> frozenset[Address]:
    """Return children in every place."""
    return frozenset(Address(name, place) for name in names for place in places)


@pytest.mark.parametrize(
    ("deployed", "children", "percent", "may_go"),
    [(3, 1, 20, 1), (100, 5, 20, 5), (10, 5, 20, 2), (4, 3, 20, 1), (100, 0, 50, 0), (100, 5, 0, 0), (0, 1, 20, 1)],
)
def test_the_smaller_limit_counts(deployed: int, children: int, percent: int, may_go: int) -> None:
    """Percent is rounded down, but not to nothing; zero means nothing."""
    assert allowed(deployed, DeletionBudget(children=children, percent=percent)) == may_go


def test_one_child_in_two_places_is_one_removal() -> None:
    """The budget counts children."""
    assert excess(everywhere("a", "b", "c"), everywhere("a", "b"), DeletionBudget()) == ()


def test_an_empty_plan_is_refused() -> None:
    """An empty catalog never deletes everything."""
    last = everywhere("a", "b", "c")

    assert excess(last, frozenset(), DeletionBudget()) == ("a", "b", "c")


def test_a_lost_cluster_is_a_removal_of_every_child_there() -> None:
    """A selector that misses a cluster takes data with it, even where the children live on elsewhere."""
    last, now = everywhere("a", "b", "c"), everywhere("a", "b", "c", places=("eu-1",))

    assert excess(last, now, DeletionBudget()) == ("a", "b", "c")


@pytest.mark.parametrize(("confirmed", "passes"), [(1, False), (2, True), (3, True)])
def test_a_confirmation_names_the_number(confirmed: int, passes: bool) -> None:
    """What was agreed to passes; more does not."""
    gone = excess(everywhere("a", "b", "c"), everywhere("a"), DeletionBudget(), confirmed)

    assert (gone == ()) is passes


def test_a_renamed_child_is_not_removed() -> None:
    """Before the rename the state has the old name, after it the new one: both are kept."""
    renamed = addresses(plan(child("basket", moved_from="cart")))

    assert excess(everywhere("cart", places=("eu-1",)), renamed, DeletionBudget(children=0)) == ()
    assert excess(everywhere("basket", places=("eu-1",)), renamed, DeletionBudget(children=0)) == ()


def test_a_refusal_says_what_and_how_many() -> None:
    """Names, numbers, and where the limit is written."""
    text = str(Overrun("acme-shop", ("a", "b"), deployed=3, allowed=1))

    assert "remove 2 of 3 children (a, b)" in text
    assert "parent acme-shop allows 1" in text
