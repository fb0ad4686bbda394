"""Overrides: what of a child's size and settings differs in some places."""

from typing import TypeVar

from appofapps.catalog.models.base import Tier
from appofapps.catalog.models.child import ChildFile
from appofapps.plan.plan import Place
from appofapps.plan.select import cluster_labels, matches

C = TypeVar("C", bound=ChildFile)


def as_placed(child: C, tier: Tier, place: Place) -> C:
    """Return a child as it is in a place: with its overrides there in the profile of a tier."""
    if not child.override_places:
        return child
    labels = place_labels(place)
    return child.overridden(tier, lambda selector: matches(selector, labels))


def place_labels(place: Place) -> dict[str, str]:
    """Return what an override can match a place by."""
    return cluster_labels(place.cluster) if place.cluster else {"name": place.name, "region": place.region}
