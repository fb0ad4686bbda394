"""Previews: what their rules name exists, and a pull request gets what the rules allow and no more."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError

from appofapps.catalog.catalog import APPS, Catalog
from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.load import ENVIRONMENTS, PREVIEWS
from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.models.permission import PARAMETER
from appofapps.catalog.models.pod import Resources
from appofapps.catalog.models.previews import Preview, Previews
from appofapps.catalog.models.quantity import parse_quantity
from appofapps.catalog.problems import Problem
from appofapps.plan.checks.quotas import pod_request, written
from appofapps.plan.checks.survey import Survey
from appofapps.plan.overrides import as_placed
from appofapps.plan.place import environment_clusters, is_targeted
from appofapps.plan.previews import members, share

FindProblems = Callable[[Catalog], Iterator[Problem]]


def rules_known(survey: Survey) -> Iterator[Problem]:
    """Refuse rules for previews of an environment, or with shared children, that do not exist."""
    catalog, rules = survey.catalog, survey.catalog.previews
    if rules is None:
        return
    file, names = catalog.root / PREVIEWS, catalog.environments.keys() | survey.broken(ENVIRONMENTS)
    if rules.environment not in names:
        message = f"environment {rules.environment!r}: no such environment"
        yield Problem(file, ("environment",), message, did_you_mean(rules.environment, names))
        return
    known = {name for name, child in catalog.children.items() if is_targeted(child, rules.environment)}
    for index, name in enumerate(rules.shared):
        if name not in known | survey.broken(APPS):
            message = f"shared: {name!r}: no such app in {rules.environment}"
            yield Problem(file, ("shared", index), message, did_you_mean(name, known))


def preview_right(survey: Survey, target: StackTarget, find_problems: FindProblems) -> Iterator[Problem]:
    """Yield what is wrong with the preview of a target, if it has one."""
    catalog, preview = survey.catalog, target.preview
    if preview is None or any(rules_known(survey)):
        return
    rules = catalog.previews
    if rules is None:
        file = catalog.root / PREVIEWS
        yield Problem(file, (), "no such file: this catalog allows no previews", "docs/previews.md shows one")
        return
    problems = tuple(_request(catalog, preview, rules))
    yield from problems
    if problems:
        return
    try:
        own, _ = share(catalog, target)
    except ValidationError as error:
        for each in error.errors():
            yield Problem(_of(preview), (), f"image: {each['msg']}", "")
        return
    yield from _credentials(survey, preview)
    yield from _alone(survey, own, preview)
    yield from _room(own, preview, rules)
    yield from find_problems(own)


def _of(preview: Preview) -> Path:
    """Stand for the pull request where there is no file."""
    return Path(f"preview {preview.name}")


def _request(catalog: Catalog, preview: Preview, rules: Previews) -> Iterator[Problem]:
    """Yield what is wrong with what was asked for."""
    around = catalog.environments.get(preview.environment)
    if around is None or not environment_clusters(catalog, around):
        yield Problem(
            _of(preview), (), f"environment {preview.environment!r}: no such environment, or no cluster in it"
        )
        return
    if preview.name in catalog.environments:
        yield Problem(_of(preview), (), "an environment of the catalog has this name", "rename that environment")
    if preview.fork and not rules.forks:
        hint = "look at the change, and push its branch to this repository; or write `forks: true`"
        yield Problem(catalog.root / PREVIEWS, ("forks",), "forks: pull requests from forks get no preview", hint)
    known = [name for name, child in catalog.children.items() if is_targeted(child, around.name)]
    for name in preview.children:
        if name not in known:
            yield Problem(
                _of(preview), (), f"children: {name!r}: no such app in {around.name}", did_you_mean(name, known)
            )
    for name in preview.images:
        if name not in preview.children:
            yield Problem(_of(preview), (), f"image: {name!r} is not under change", f"add it: --children …,{name}")
        elif name in catalog.children and catalog.children[name].pods is None:
            yield Problem(_of(preview), (), f"image: {name!r} runs no image of its own", "leave its image out")


def _credentials(survey: Survey, preview: Preview) -> Iterator[Problem]:
    """Refuse a fork's preview any child that is trusted with something."""
    for name in sorted(members(survey.catalog, preview)) if preview.fork else ():
        child = survey.catalog.children[name]
        if child.credentials:
            message = f"a fork's preview would hold {name!r}, which has {', '.join(child.credentials)}"
            yield survey.problem(child, ("name",), message, "previews of forks hold no credentials")


def _alone(survey: Survey, own: Catalog, preview: Preview) -> Iterator[Problem]:
    """Refuse what the environment around has already, and cannot be there twice; and what belongs to that."""
    mine = members(survey.catalog, preview)
    claimed = {f"{store.what}:{store.name}" for name in mine for store in own.children[name].stores}
    for name in sorted(mine):
        child = survey.catalog.children[name]
        if child.singular:
            what = ", ".join(child.singular)
            message = f"{name!r} cannot be in {preview.environment} and in a preview: it has {what}"
            asked = name in preview.children
            hint = "leave it out of --children" if asked else "add it to `shared` in previews.yaml"
            yield survey.problem(child, ("name",), message, hint)
        for i, permission in enumerate(child.cloud_identity):
            for k, resource in enumerate(permission.resources):
                if not resource.startswith(("arn:", PARAMETER)) and resource not in claimed:
                    path = ("cloud_identity", i, "resources", k)
                    message = f"cloud_identity: {resource!r} is not in preview {preview.name}"
                    yield survey.problem(child, path, message, "add the child that claims it to --children")


def _room(own: Catalog, preview: Preview, rules: Previews) -> Iterator[Problem]:
    """Refuse a preview whose children request more than one may, all together and wherever they are."""
    survey, mine = Survey(own), own.environments[preview.name]
    placed = survey.placed[mine.name]
    most = {"cpu": Decimal(0), "memory": Decimal(0), "pods": Decimal(0)}
    for name in (name for name in own.children if name not in mine.lent):
        for place in placed[name]:
            child = as_placed(own.children[name], mine.tier, place)
            if child.pods and child.has_profile(mine.tier):
                pods, size = child.most_pods(mine.tier), child.pod_size(mine.tier) or Resources()
                most["pods"] += pods
                for what in ("cpu", "memory"):
                    most[what] += pods * pod_request(child.pods, size, what)
    for what, asked in most.items():
        limit = getattr(rules.quota, what)
        if asked > parse_quantity(str(limit)):
            amount = str(asked) if what == "pods" else written(what, asked)
            message = f"quota: preview {preview.name} asks for {amount} {what}, of {limit} allowed"
            hint = "preview fewer children, share more of what they need, or raise the quota"
            yield Problem(own.root / PREVIEWS, ("quota", what), message, hint)
