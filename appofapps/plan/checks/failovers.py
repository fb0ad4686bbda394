"""Failovers and lost clusters: every child has somewhere to run, and its data is there."""

from collections import Counter
from collections.abc import Iterator

from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.load import CLUSTERS
from appofapps.catalog.models.parent import EnvironmentFile, Failover
from appofapps.catalog.problems import Problem, Step
from appofapps.plan.checks.survey import Survey
from appofapps.plan.failover import without_replica
from appofapps.plan.place import environment_clusters


def clusters_fit(survey: Survey) -> Iterator[Problem]:
    """Refuse a failover from or to a cluster that cannot be meant."""
    if survey.broken(CLUSTERS):
        return
    for environment in survey.catalog.environments.values():
        away = Counter(failover.source for failover in environment.failover)
        own = [cluster.name for cluster in environment_clusters(survey.catalog, environment)]
        for index, failover in enumerate(environment.failover):
            if failover.source not in own:
                message = f"from: {failover.source!r} is no cluster of {environment.name}"
                yield _problem(survey, environment, (index, "from"), message, did_you_mean(failover.source, own))
            elif away[failover.source] > 1:
                message = f"from: {failover.source!r} is failed over twice"
                yield _problem(survey, environment, (index, "from"), message, "keep one of the entries")
            yield from _target(survey, environment, index, failover, set(away))


def _target(
    survey: Survey, environment: EnvironmentFile, index: int, failover: Failover, away: set[str]
) -> Iterator[Problem]:
    known, to = survey.catalog.clusters, failover.to
    free = [name for name, cluster in known.items() if name not in away and not cluster.forgotten]
    if to not in known:
        yield _problem(survey, environment, (index, "to"), f"to: {to!r}: no such cluster", did_you_mean(to, free))
    elif to not in free:
        why = "forgotten" if known[to].forgotten else "failed over itself"
        yield _problem(survey, environment, (index, "to"), f"to: {to!r} is {why}", did_you_mean(to, free))


def data_goes_along(survey: Survey) -> Iterator[Problem]:
    """Refuse to move a child that keeps data to where no replica of it is declared ready."""
    for environment in survey.catalog.environments.values():
        for index, failover in enumerate(environment.failover):
            for child in without_replica(survey.catalog, environment, failover.source, failover.to):
                source, to = failover.source, failover.to
                message = f"{child!r} keeps data in {source}, and no replica of it is declared ready in {to}"
                hint = f"once one is, write `data_replicas: [{to}]` in the file of {child!r}"
                yield _problem(survey, environment, (index,), message, hint)


def replicas_known(survey: Survey) -> Iterator[Problem]:
    """Refuse a data replica in a cluster that does not exist."""
    names = survey.catalog.clusters.keys() | survey.broken(CLUSTERS)
    for child in survey.children:
        for index, name in enumerate(child.data_replicas):
            if name not in names:
                message = f"data_replicas: {name!r}: no such cluster"
                yield survey.problem(child, ("data_replicas", index), message, did_you_mean(name, names))


def homes_left(survey: Survey) -> Iterator[Problem]:
    """Refuse to leave a child without a place, because all its clusters are forgotten."""
    for child in survey.children:
        for environment in survey.environments(child):
            declared = survey.declared[environment.name][child.name]
            if declared and not survey.placed[environment.name][child.name]:
                lost = ", ".join(place.name for place in declared)
                message = f"target.clusters: in {environment.name} it runs in {lost} only, which is forgotten"
                hint = f"aoa failover --env {environment.name} --from {declared[0].name} --to CLUSTER, or target others"
                yield survey.problem(child, ("target", "clusters"), message, hint)


def _problem(survey: Survey, environment: EnvironmentFile, path: tuple[Step, ...], message: str, hint: str) -> Problem:
    file = survey.catalog.environment_files.get(environment.name, survey.catalog.root)
    return Problem(file, ("failover", *path), f"failover: {message}", hint)
