"""Claims: what only one can have. Physical names, host ports, queues, buckets and routes, across all stacks."""

from collections.abc import Iterator
from dataclasses import dataclass

from appofapps.catalog.catalog import APPS
from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.parent import EnvironmentFile
from appofapps.catalog.models.permission import parameter_owner
from appofapps.catalog.problems import Problem, Step
from appofapps.plan.checks.pods import host_ports
from appofapps.plan.checks.survey import Survey
from appofapps.plan.naming import bucket_name, physical_name, queue_name, role_name
from appofapps.plan.overrides import as_placed
from appofapps.plan.plan import Place


@dataclass(frozen=True, slots=True)
class Claim:
    """Something one child has for itself in one place."""

    what: str
    where: str
    """Unique within this: a cluster, an account, or everywhere."""
    name: str
    by: str
    """Who claims it, as it is printed."""
    holder: str
    """Two holders of one name clash. Of physical names an identity: two children of one are told by `moves_free`."""
    path: tuple[Step, ...]


def exclusive(survey: Survey) -> Iterator[Problem]:
    """Refuse a thing that two children claim."""
    held: dict[tuple[str, str, str], Claim] = {}
    told = set[tuple[str, str, tuple[Step, ...]]]()
    for name, placed in survey.placed.items():
        environment = survey.catalog.environments[name]
        for child in survey.children:
            for place in placed.get(child.name, ()):
                for claim in _claims(as_placed(child, environment.tier, place), environment, place):
                    first = held.setdefault((claim.what, claim.where, claim.name), claim)
                    if first.holder != claim.holder and (child.name, first.holder, claim.path) not in told:
                        told.add((child.name, first.holder, claim.path))
                        yield survey.problem(child, claim.path, _message(claim, first), _hint(claim))


def moves_free(survey: Survey) -> Iterator[Problem]:
    """Refuse a former name that is another child's."""
    former: dict[str, str] = {}
    for child in survey.children:
        if child.moved_from is None:
            continue
        holder = child.moved_from if child.moved_from in survey.catalog.children else former.get(child.moved_from)
        if holder is not None:
            claim = "is the name of this child itself" if holder == child.name else f"is taken by {holder!r}"
            message = f"moved_from: {child.moved_from!r} {claim}"
            yield survey.problem(
                child, ("moved_from",), message, "give the name this child was first deployed under, or remove it"
            )
        former[child.moved_from] = child.name


def references_claimed(survey: Survey) -> Iterator[Problem]:
    """Refuse what a cloud identity names of this catalog and no child claims, and a parameter of no child."""
    if survey.broken(APPS):
        return
    claimed = set(_claimed_names(survey))
    for child in survey.children:
        for i, permission in enumerate(child.cloud_identity):
            for k, resource in enumerate(permission.resources):
                path, owner = ("cloud_identity", i, "resources", k), parameter_owner(resource)
                if owner and owner not in survey.catalog.children:
                    message = f"cloud_identity: {resource!r} is of no app that there is"
                    yield survey.problem(child, path, message, did_you_mean(owner, survey.catalog.children))
                elif not owner and not resource.startswith("arn:") and resource not in claimed:
                    message = f"cloud_identity: {resource!r} is claimed by nobody"
                    yield survey.problem(child, path, message, did_you_mean(resource, claimed))


def _claimed_names(survey: Survey) -> Iterator[str]:
    for child in survey.children:
        yield from (f"{store.what}:{store.name}" for store in child.stores)


def _claims(child: Child, environment: EnvironmentFile, place: Place) -> Iterator[Claim]:
    yield from _names(child, environment, place)
    yield from _entrances(child, environment, place)
    yield from _stores(child, environment, place)


def _names(child: Child, environment: EnvironmentFile, place: Place) -> Iterator[Claim]:
    """Yield the physical names of a child: its namespace or function, and its role."""
    name = physical_name(environment.name, child.identity)
    by, holder = (f"{who}@{place.name} in {environment.name}" for who in (child.name, child.identity))
    path = ("moved_from",) if child.moved_from else ("name",)
    account = f"account {environment.aws_account}"
    if place.cluster is None:
        yield Claim(child.kind, f"{account}, region {place.region}", name, by, holder, path)
    else:
        yield Claim("namespace", f"cluster {place.name}", name, by, holder, path)
    if place.cluster is None or child.calls_aws:
        yield Claim("role", account, role_name(name, place.name), by, holder, path)


def _entrances(child: Child, environment: EnvironmentFile, place: Place) -> Iterator[Claim]:
    """Yield the ways into a cluster that a child claims: host ports and routes."""
    where, who = f"cluster {place.name}", child.name
    for path, port in host_ports(child):
        yield Claim("host port", where, f"{port.host_port}/{port.protocol}", who, who, path)
    for entry in child.entrances(environment.tier):
        route = f"{entry.host}{entry.path}"
        yield Claim("route", where, route, who, who, ("spec", "ingress", "host"))


def _stores(child: Child, environment: EnvironmentFile, place: Place) -> Iterator[Claim]:
    """Yield the queues and buckets that a child claims."""
    account, who = environment.aws_account, child.name
    for store in child.stores:
        if store.what == "bucket":
            name, where = bucket_name(environment.name, account, place.region, store.name), "all of AWS"
        else:
            name, where = queue_name(environment.name, store.name), f"account {account}, region {place.region}"
        yield Claim(store.what, where, name, who, who, store.at)


def _message(claim: Claim, first: Claim) -> str:
    return f"{claim.what} {claim.name!r} ({claim.where}) is claimed by {first.by} already"


def _hint(claim: Claim) -> str:
    named = claim.path in (("name",), ("moved_from",))
    return "rename one of the two" if named else "one child alone may have it"
