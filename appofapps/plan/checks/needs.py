"""Needs: they exist, are deployed wherever their dependents are, form no cycle, and can be called where they are."""

from collections.abc import Iterator

from appofapps.catalog.catalog import APPS
from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.problems import Problem, Step
from appofapps.plan.checks.survey import Survey
from appofapps.plan.order import cycles


def known(survey: Survey) -> Iterator[Problem]:
    """Refuse a need that is no child, or is given twice."""
    names = survey.catalog.children.keys() | survey.broken(APPS)
    for child in survey.children:
        for index, need in enumerate(child.needs):
            path = _place(child, index)
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
                yield survey.problem(child, _place(child, index), message, hint)


def called(survey: Survey) -> Iterator[Problem]:
    """Refuse a call of a child that AWS cannot call, or cannot call from where its caller is."""
    children = survey.catalog.children
    able = [name for name, child in children.items() if child.CALLABLE]
    for child in survey.children:
        for call in child.calls:
            callee = children.get(call.name)
            if callee is None:
                continue
            if not callee.CALLABLE:
                message = f"{call.name!r} is a {callee.kind}, which nothing in AWS can call"
                yield survey.problem(child, call.at, message, did_you_mean(call.name, able) or "name a function")
            elif away := _regions_apart(survey, child, callee):
                message = f"{call.name!r} is not in {', '.join(away)}, where {child.name!r} is to call it"
                yield survey.problem(child, call.at, message, "give both the same target.clusters")


def _regions_apart(survey: Survey, child: Child, callee: Child) -> list[str]:
    """Return the regions in which a child is and another, in an environment of both, is not."""
    apart = (
        {place.region for place in placed.get(child.name, ())} - {place.region for place in placed[callee.name]}
        for placed in survey.placed.values()
        if callee.name in placed
    )
    return sorted(set[str]().union(*apart))


def _place(child: Child, index: int) -> tuple[Step, ...]:
    """Return where a file says a need: under `needs`, or by calling it."""
    calls = {call.name: call.at for call in child.calls}
    return calls.get(child.needs[index], ("needs", index))


def reachable(survey: Survey) -> Iterator[Problem]:
    """Refuse a child that must reach another which it cannot find, or which is not in every cluster where it is."""
    for child in survey.children:
        for name, path in child.reaches:
            other = survey.catalog.children.get(name)
            if other is None:
                continue  # `known` has told
            if not child.finds(other):
                message = f"{name!r} opens no port that {child.name!r} could find"
                yield survey.problem(child, path, message, "name a workload with ports")
            elif away := _away(survey, child, name):
                message = f"{name!r} is not on {', '.join(away)}, where {child.name!r} is"
                yield survey.problem(child, path, message, "target the same clusters")


def _away(survey: Survey, child: Child, other: str) -> list[str]:
    """Return the places of a child where another is not."""
    both = (placed for placed in survey.placed.values() if child.name in placed and other in placed)
    return sorted({place.name for placed in both for place in placed[child.name] if place not in placed[other]})


def acyclic(survey: Survey) -> Iterator[Problem]:
    """Refuse children that wait for themselves, over however many others."""
    children = survey.catalog.children
    graph = {child.name: [need for need in child.needs if need in children] for child in survey.children}
    for cycle in cycles(graph):
        first = cycle.index(min(cycle))
        path = (*cycle[first:-1], *cycle[: first + 1])
        child = children[path[0]]
        message = f"dependency cycle: {' -> '.join(path)}"
        yield survey.problem(child, _place(child, child.needs.index(path[1])), message, "remove one of these needs")
