"""Policies over namespaces: what a child cannot have where one chooses its namespace."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from appofapps.catalog.models.base import Tier
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.namespace_rules import Mode
from appofapps.catalog.models.parent import EnvironmentFile
from appofapps.catalog.problems import Problem, Step
from appofapps.plan import conventions as c
from appofapps.plan.checks.pods import host_ports
from appofapps.plan.checks.quotas import excess
from appofapps.plan.checks.survey import Survey
from appofapps.plan.naming import physical_name
from appofapps.plan.overrides import as_placed
from appofapps.plan.plan import Imposed
from appofapps.plan.policies import deployed_labels, imposed, labels_of, policies

_ENFORCE: Final = c.POD_SECURITY + "enforce"
_STRICTNESS: Final = {"privileged": 0, "baseline": 1, "restricted": 2}


class Misfit(NamedTuple):
    """Something a child cannot have where a policy denies it."""

    path: tuple[Step, ...]
    what: str
    """Told once a place in the file, whatever the amounts elsewhere."""
    message: str
    instead: str


def kept(survey: Survey) -> Iterator[Problem]:
    """Refuse a child that does not fit what a policy asks of its namespace, in mode `deny`."""
    return _found(survey, "deny")


def not_kept_yet(survey: Survey) -> Iterator[Problem]:
    """Tell of a child that would not fit, were a policy in mode `audit` in mode `deny`."""
    return _found(survey, "audit")


def misfits(child: Child, tier: Tier, by: Imposed) -> Iterator[Misfit]:
    """Yield what of a child, as it is in one place, does not fit what a policy asks there."""
    policy = f"policy {by.policy!r}{' (audit)' if by.mode == 'audit' else ''}"
    for what, how in excess(child, tier, by.quota):
        path = ("profiles", tier)
        yield Misfit(path, what, f"profiles.{tier}: {how} that {policy} sets", "ask for less")
    enforced = deployed_labels(child, {}).get(_ENFORCE) or "privileged"
    if by.pod_security and _STRICTNESS.get(enforced, 0) < _STRICTNESS[by.pod_security]:
        message = f"the namespace enforces pod security {enforced!r}, and {policy} asks for {by.pod_security!r}"
        yield Misfit(_loosened(child), _ENFORCE, message, "remove this")


def _found(survey: Survey, mode: Mode) -> Iterator[Problem]:
    told = set[tuple[object, ...]]()
    for name in survey.placed:
        environment = survey.catalog.environments[name]
        for child, by, misfit in _misfits(survey, environment, mode):
            key = (child.name, by.policy, misfit.path, misfit.what)
            if key not in told:
                told.add(key)
                home = physical_name(environment.name, child.identity)
                hint = f"{misfit.instead}, or write {home!r} under `excluded` of {by.policy!r}"
                yield survey.problem(child, misfit.path, misfit.message, hint)


def _misfits(survey: Survey, environment: EnvironmentFile, mode: Mode) -> Iterator[tuple[Child, Imposed, Misfit]]:
    """Yield what does not fit in an environment; what is lent to it is looked at where it is."""
    catalog = survey.catalog
    ruling = tuple(each for each in policies(catalog, environment) if each.rules.mode == mode)
    for name, places in survey.placed[environment.name].items() if ruling else ():
        child = catalog.children[name]
        for place in places if name not in environment.lent else ():
            for by in imposed(catalog, environment, ruling, child, place):
                for misfit in misfits(as_placed(child, environment.tier, place), environment.tier, by):
                    yield child, by, misfit


def _loosened(child: Child) -> tuple[Step, ...]:
    """Return what makes a namespace less strict than all others: the last patch of it, or a port of the node."""
    for index, patch in reversed(tuple(enumerate(child.patches))):
        if patch.resource == "namespace" and _ENFORCE in labels_of(patch.merge):
            return ("patches", index, "merge", "metadata", "labels", _ENFORCE)
    return next((path for path, _ in host_ports(child)), ())
