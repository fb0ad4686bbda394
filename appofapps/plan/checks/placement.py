"""Placement: environments and clusters exist, and have what the children placed there rely on."""

from collections.abc import Iterator

from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.load import CLUSTERS, ENVIRONMENTS
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.parent import ClusterFile
from appofapps.catalog.problems import Problem, Step
from appofapps.plan.checks.survey import Survey
from appofapps.plan.overrides import place_labels
from appofapps.plan.place import environment_clusters
from appofapps.plan.plan import Place
from appofapps.plan.select import matches


def environments_known(survey: Survey) -> Iterator[Problem]:
    """Refuse a target that names an environment that does not exist."""
    names = survey.catalog.environments.keys() | survey.broken(ENVIRONMENTS)
    for child in survey.children:
        for index, name in enumerate(child.target.environments):
            if name not in names:
                path = ("target", "environments", index)
                message = f"target.environments: {name!r}: no such environment"
                yield survey.problem(child, path, message, did_you_mean(name, names))


def environments_have_clusters(survey: Survey) -> Iterator[Problem]:
    """Refuse an environment whose selector matches no cluster."""
    if survey.broken(CLUSTERS):
        return
    for environment in survey.catalog.environments.values():
        if not environment_clusters(survey.catalog, environment):
            file = survey.catalog.environment_files.get(environment.name, survey.catalog.root)
            yield Problem(file, ("clusters",), "clusters: the selector matches no cluster", _labels(survey))


def children_have_places(survey: Survey) -> Iterator[Problem]:
    """Refuse a child whose selector matches no cluster in one of its environments."""
    if survey.broken(CLUSTERS):
        return
    served = {name for name, each in survey.catalog.environments.items() if environment_clusters(survey.catalog, each)}
    for child in survey.children:
        empty = [each.name for each in survey.environments(child) if not survey.declared[each.name][child.name]]
        missing = [name for name in empty if name in served]
        if missing:
            message = f"target.clusters: the selector matches no cluster of {', '.join(missing)}"
            hint = f"name the environments it does run in under target.environments; {_labels(survey)}"
            yield survey.problem(child, ("target", "clusters"), message, hint)


def regions_allowed(survey: Survey) -> Iterator[Problem]:
    """Refuse a child in a region where its data may not be."""
    default = survey.catalog.parent.defaults.allowed_regions
    for child in survey.children:
        allowed = default if child.allowed_regions is None else child.allowed_regions
        for environment in survey.environments(child) if allowed else ():
            places = survey.placed[environment.name][child.name]
            apart = [_where(place) for place in places if place.region not in allowed]
            home = [child.HOME] if child.HOME and child.HOME not in (*allowed, *apart) else []
            if away := ", ".join([*apart, *home]):
                path = ("target", "clusters") if child.allowed_regions is None else ("allowed_regions",)
                source = " (parent.yaml, defaults)" if child.allowed_regions is None else ""
                message = f"allowed_regions{source}: {', '.join(allowed)}, but {environment.name} places it in {away}"
                hint = "narrow target.clusters: `clusters: {region: REGION}`, or allow the region"
                yield survey.problem(child, path, message, hint)


def _where(place: Place) -> str:
    return f"{place.name} ({place.region})" if place.cluster else place.name


def overrides_matched(survey: Survey) -> Iterator[Problem]:
    """Refuse an override that concerns no place of its child; a preview has fewer than the catalog it is made of."""
    if survey.broken(CLUSTERS) or any(each.preview_of for each in survey.catalog.environments.values()):
        return
    for child in survey.children:
        places = [
            place for environment in survey.environments(child) for place in survey.placed[environment.name][child.name]
        ]
        for index, selector in enumerate(child.override_places):
            if places and not any(matches(selector, place_labels(place)) for place in places):
                there = ", ".join(sorted({_where(place) for place in places}))
                message = f"overrides[{index}].clusters: the selector matches no place of {child.name!r}"
                yield survey.problem(child, ("overrides", index, "clusters"), message, f"it runs in {there}")


def profiles_complete(survey: Survey) -> Iterator[Problem]:
    """Refuse a child without a profile for the tier of one of its environments."""
    for child in survey.children:
        lacking: dict[str, list[str]] = {}
        for environment in survey.environments(child):
            if not child.has_profile(environment.tier):
                lacking.setdefault(environment.tier, []).append(environment.name)
        for tier, names in lacking.items():
            message = f"profiles: none for tier {tier}, the tier of {', '.join(names)}"
            yield survey.problem(child, ("profiles",), message, f"add `{tier}:` under profiles")


def cloud_identity_possible(survey: Survey) -> Iterator[Problem]:
    """Refuse a child that calls AWS from a cluster whose service account tokens have no issuer AWS could trust."""
    for child in survey.children:
        path = _calls_aws(child)
        if path is None or child.RUNS_IN == "region":
            continue
        places = (
            place for environment in survey.environments(child) for place in survey.placed[environment.name][child.name]
        )
        without = sorted({place.name for place in places if place.cluster and not place.cluster.oidc_issuer})
        if without:
            message = f"{path[0]}: calls AWS, but {', '.join(without)} has no oidc_issuer"
            yield survey.problem(
                child, path, message, "add `oidc_issuer:` to the cluster's file, or target other clusters"
            )


def _calls_aws(child: Child) -> tuple[Step, ...] | None:
    if child.cloud_identity:
        return ("cloud_identity",)
    return next((("secrets", index) for index, secret in enumerate(child.secrets) if secret.arn), None)


def _labels(survey: Survey) -> str:
    """Return what there is to select by."""
    clusters = sorted(survey.catalog.clusters.values(), key=lambda cluster: cluster.name)
    return f"clusters: {'; '.join(map(_described, clusters))}"


def _described(cluster: ClusterFile) -> str:
    labels = {"region": cluster.region, **cluster.labels}
    return f"{cluster.name} ({', '.join(f'{key}: {value}' for key, value in labels.items())})"
