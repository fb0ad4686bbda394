"""Checks over a whole catalog: everything that can be known wrong before the engine runs.

Checks that concern one file alone are the models' own; these need the other files, or the conventions of the plan.
"""

from collections.abc import Iterator
from typing import Final

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.problems import CatalogError, Problem
from appofapps.plan.checks import (
    claims,
    contracts,
    failovers,
    images,
    needs,
    patches,
    placement,
    pods,
    policies,
    previews,
    quotas,
    retention,
    tenants,
)
from appofapps.plan.checks.survey import Check, Survey
from appofapps.plan.checks.target import target_problems

CHECKS: Final[tuple[Check, ...]] = (
    needs.known,
    needs.deployed,
    needs.acyclic,
    needs.called,
    needs.reachable,
    contracts.consumed,
    contracts.provided_once,
    placement.environments_known,
    placement.environments_have_clusters,
    placement.children_have_places,
    placement.regions_allowed,
    placement.overrides_matched,
    placement.profiles_complete,
    failovers.clusters_fit,
    failovers.data_goes_along,
    failovers.replicas_known,
    failovers.homes_left,
    placement.cloud_identity_possible,
    images.pinned,
    quotas.requests_fit,
    policies.kept,
    claims.exclusive,
    claims.moves_free,
    claims.references_claimed,
    retention.volumes_to_snapshot,
    patches.addressed,
    patches.harmless,
    pods.names_unique,
    pods.mounts_apart,
    pods.variables_apart,
    pods.config_volume_filled,
    pods.probes_reach_a_port,
    pods.secrets_in_reach,
    pods.given_to_somebody,
    tenants.tenants_know,
    tenants.plans_whole,
    tenants.names_apart,
    previews.rules_known,
)


def check(catalog: Catalog, target: StackTarget | None = None) -> None:
    """Raise CatalogError with every problem of a catalog, and of a target in it."""
    problems = tuple(find_problems(catalog, target))
    if problems:
        raise CatalogError(problems)


def find_problems(catalog: Catalog, target: StackTarget | None = None) -> Iterator[Problem]:
    """Yield every problem of a catalog, and of a target in it; the catalog may lack the files that did not load."""
    survey = Survey(catalog)
    for each in CHECKS:
        yield from each(survey)
    yield from tenants.shares_right(survey, find_problems)
    if target is not None:
        yield from target_problems(survey, target)
        yield from previews.preview_right(survey, target, find_problems)


def find_notes(catalog: Catalog) -> Iterator[Problem]:
    """Yield what would be a problem of a catalog without any, once its policies deny what they only look at now."""
    survey = Survey(catalog)
    yield from policies.not_kept_yet(survey)
    yield from tenants.shares_right(survey, find_notes)
