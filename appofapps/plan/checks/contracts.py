"""Contracts: what a child consumes is provided, in a version it works with, wherever the child is deployed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from packaging.specifiers import SpecifierSet

from appofapps.catalog.catalog import APPS
from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.problems import Problem
from appofapps.plan.checks.survey import Survey

Providers = Mapping[str, Mapping[str, str]]
"""The version each child provides, by contract and child."""


def consumed(survey: Survey) -> Iterator[Problem]:
    """Refuse a consumed contract without a provider in the range, in each environment of the consumer."""
    providers = _providers(survey)
    for child in survey.children:
        for index, consumed in enumerate(child.consumes):
            offers = providers.get(consumed.contract, {})
            path = ("consumes", index, "contract")
            if not offers:
                if not survey.broken(APPS):
                    message = f"consumes {consumed.contract!r}: provided by nobody"
                    yield survey.problem(child, path, message, did_you_mean(consumed.contract, providers))
                continue
            accepted = SpecifierSet(consumed.version)
            fitting = [name for name, version in offers.items() if accepted.contains(version, prereleases=True)]
            if fitting:
                yield from _deployed(survey, child, index, fitting)
            else:
                offered = ", ".join(f"{name!r} provides {version}" for name, version in offers.items())
                message = f"consumes {consumed.contract!r} {consumed.version}, but {offered}"
                yield survey.problem(
                    child, ("consumes", index, "version"), message, "widen the range, or provide a version in it"
                )


def provided_once(survey: Survey) -> Iterator[Problem]:
    """Refuse a contract that one child provides twice."""
    for child in survey.children:
        contracts = [provided.contract for provided in child.provides]
        for index, contract in enumerate(contracts):
            if contract in contracts[:index]:
                path = ("provides", index, "contract")
                yield survey.problem(child, path, f"provides {contract!r} twice", "one child offers one version")


def _deployed(survey: Survey, child: Child, index: int, providers: list[str]) -> Iterator[Problem]:
    contract = child.consumes[index].contract
    for environment in survey.environments(child):
        if not any(name in survey.placed[environment.name] for name in providers):
            message = f"consumes {contract!r}, but {', '.join(providers)} is not deployed in {environment.name}"
            hint = f"add {environment.name} to its target.environments"
            yield survey.problem(child, ("consumes", index, "contract"), message, hint)


def _providers(survey: Survey) -> Providers:
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for child in survey.children:
        for provided in child.provides:
            found[provided.contract].setdefault(child.name, provided.version)
    return dict(found)
