"""Needs: they exist, are deployed wherever their dependents are, and form no cycle."""

from collections.abc import Iterator

from appofapps.catalog.catalog import APPS
from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.problems import Problem
from appofapps.plan.checks.survey import Survey
from appofapps.plan.order import cycles


def known(survey: Survey) -> Iterator[Problem]:
    """Refuse a need that is no child, or is given twice."""
    names = survey.catalog.children.keys() | survey.broken(APPS)
    for child in survey.children:
        for index, need in enumerate(child.needs):
            path = ("needs", index)
            if need not in names:
                yield survey.problem(child, path, f"needs {need!r}: no such app", did_you_mean(need, names))
            elif need in child.needs[:index]:
                yield survey.problem(child, path, f"needs {need!r} twice", "remove one")


def deployed(survey: Survey) -> Iterator[Problem]:
    """Refuse a need that is not deployed in every environment where its dependent is."""
    for child in survey.children:
        for index, need in enumerate(child.needs):
            away = [
                environment.name
                for environment in survey.environments(child)
                if need in survey.catalog.children and need not in survey.placed[environment.name]
            ]
            if away:
                message = f"needs {need!r}, which is not deployed in {', '.join(away)}"
                hint = f"add it to target.environments of {need!r}, or remove it from those of {child.name!r}"
                yield survey.problem(child, ("needs", index), message, hint)


def acyclic(survey: Survey) -> Iterator[Problem]:
    """Refuse children that wait for themselves, over however many others."""
    children = survey.catalog.children
    graph = {child.name: [need for need in child.needs if need in children] for child in survey.children}
    for cycle in cycles(graph):
        first = cycle.index(min(cycle))
        path = (*cycle[first:-1], *cycle[: first + 1])
        child = children[path[0]]
        message = f"dependency cycle: {' -> '.join(path)}"
        yield survey.problem(child, ("needs", child.needs.index(path[1])), message, "remove one of these needs")
