"""Targets of stacks: they take something, of an environment that exists."""

from collections.abc import Iterator
from pathlib import Path

from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.load import ENVIRONMENTS
from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.problems import Problem
from appofapps.plan import conventions as c
from appofapps.plan.checks.survey import Survey
from appofapps.plan.place import environment_clusters, select_clusters, selected

CONFIGURATION = Path("stack configuration")
"""Stands for the stack's file where only the engine knows it."""


def config_path(key: str) -> tuple[str, str]:
    """Return where a setting of ours is in a stack's file."""
    return ("config", f"{c.PROJECT}:{key}")


def target_problems(survey: Survey, target: StackTarget, file: Path = CONFIGURATION) -> Iterator[Problem]:
    """Yield what is wrong with a target; `file` is the stack's."""
    catalog = survey.catalog
    if target.tenant:
        yield from _tenant_problems(survey, target, file)
        return
    environment = catalog.environments.get(target.environment)
    if environment is None:
        if target.environment not in survey.broken(ENVIRONMENTS):
            message = f"environment {target.environment!r}: no such environment"
            hint = did_you_mean(target.environment, catalog.environments)
            yield Problem(file, config_path(c.CONFIG_ENVIRONMENT), message, hint)
        return
    stand_ins = {failover.to for failover in environment.failover} & catalog.clusters.keys()
    clusters = (*environment_clusters(catalog, environment), *(catalog.clusters[name] for name in sorted(stand_ins)))
    if clusters and not select_clusters(clusters, target.clusters):
        names = ", ".join(cluster.name for cluster in clusters)
        message = f"clusters: the selector matches no cluster of {environment.name}"
        yield Problem(file, config_path(c.CONFIG_CLUSTERS), message, f"there is: {names}")
    elif clusters and not _taken(survey, target):
        message = f"select: the selector matches no child of {environment.name}"
        yield Problem(
            file, config_path(c.CONFIG_SELECT), message, "select by name, kind, team or a label of the children"
        )


def _taken(survey: Survey, target: StackTarget) -> bool:
    """Tell whether a target takes anything, or would but for failovers: a stack may be empty for a while."""
    either = (survey.placed[target.environment], survey.declared[target.environment])
    return any(selected(survey.catalog, target, placed) for placed in either)


def _tenant_problems(survey: Survey, target: StackTarget, file: Path) -> Iterator[Problem]:
    tenant = survey.catalog.tenants.get(str(target.tenant))
    if tenant is None:
        message = f"tenant {target.tenant!r}: no such tenant"
        hint = did_you_mean(str(target.tenant), survey.catalog.tenants)
        yield Problem(file, config_path(c.CONFIG_TENANT), message, hint)
    elif target.environment not in tenant.environments:
        message = f"environment {target.environment!r}: tenant {tenant.name} is not in it"
        hint = f"it is in: {', '.join(tenant.environments)}"
        yield Problem(file, config_path(c.CONFIG_ENVIRONMENT), message, hint)
