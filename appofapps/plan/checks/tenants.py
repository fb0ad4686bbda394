"""Tenants: their plans and places exist, their children are whole, and their names are nobody else's."""

from collections.abc import Callable, Iterator

from appofapps.catalog.catalog import APPS, Catalog
from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.load import ENVIRONMENTS, TENANT_PLANS
from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.models.tenant import Tenant
from appofapps.catalog.problems import CatalogError, Problem
from appofapps.plan.checks.survey import Survey
from appofapps.plan.tenancy import share, tenant_environment

FindProblems = Callable[[Catalog], Iterator[Problem]]


def tenants_know(survey: Survey) -> Iterator[Problem]:
    """Refuse a tenant of a plan or in an environment that does not exist."""
    catalog = survey.catalog
    plans = catalog.tenant_plans.keys() | survey.broken(TENANT_PLANS)
    environments = catalog.environments.keys() | survey.broken(ENVIRONMENTS)
    for tenant in catalog.tenants.values():
        file = catalog.tenant_files[tenant.name]
        if tenant.plan not in plans:
            yield Problem(file, ("plan",), f"plan {tenant.plan!r}: no such plan", did_you_mean(tenant.plan, plans))
        for index, name in enumerate(tenant.environments):
            if name not in environments:
                message = f"environments: {name!r}: no such environment"
                yield Problem(file, ("environments", index), message, did_you_mean(name, environments))


def plans_whole(survey: Survey) -> Iterator[Problem]:
    """Refuse a plan with children that do not exist, that run by themselves, or that lack what they need."""
    catalog = survey.catalog
    known = {name for name, child in catalog.children.items() if child.per_tenant}
    for plan in catalog.tenant_plans.values():
        file = catalog.tenant_plan_files[plan.name]
        for index, name in enumerate(plan.children):
            path, child = ("children", index), catalog.children.get(name)
            if child is None:
                if name not in survey.broken(APPS):
                    yield Problem(file, path, f"children: {name!r}: no such app", did_you_mean(name, known))
            elif not child.per_tenant:
                message = f"children: {name!r} runs by itself, once for all"
                yield Problem(file, path, message, f"write `per_tenant: true` in its file, or remove {name!r} here")
            for need in child.needs if child else ():
                if need not in plan.children:
                    message = f"children: {name!r} needs {need!r}, which the plan does not have"
                    yield Problem(file, path, message, f"add {need!r}: a tenant shares nothing with others")


def names_apart(survey: Survey) -> Iterator[Problem]:
    """Refuse a tenant whose environment has the name of another one: all of its names would be the other's."""
    catalog = survey.catalog
    for tenant in catalog.tenants.values():
        for name in tenant.environments:
            taken = tenant_environment(name, tenant.name)
            if taken in catalog.environments:
                message = f"name: tenant {tenant.name!r} in {name} would have the names of environment {taken!r}"
                yield Problem(catalog.tenant_files[tenant.name], ("name",), message, "choose another name")


def shares_right(survey: Survey, find_problems: FindProblems) -> Iterator[Problem]:
    """Yield what is wrong with the share of each tenant, once for all tenants that have it."""
    seen = set[tuple[object, ...]]()
    for tenant in survey.catalog.tenants.values():
        for problem in _problems(survey.catalog, tenant, find_problems):
            key = (problem.file, problem.path, problem.hint)
            if key not in seen:
                seen.add(key)
                yield problem


def _problems(catalog: Catalog, tenant: Tenant, find_problems: FindProblems) -> Iterator[Problem]:
    for name in tenant.environments:
        if name in catalog.environments and tenant.plan in catalog.tenant_plans and _is_whole(catalog, tenant.plan):
            try:
                own, _ = share(catalog, StackTarget(environment=name, tenant=tenant.name))
            except CatalogError as error:
                yield from error.problems
            else:
                yield from find_problems(own)


def _is_whole(catalog: Catalog, plan: str) -> bool:
    """Tell whether `plans_whole` has nothing to say, so that nothing is said twice."""
    names = catalog.tenant_plans[plan].children
    children = [catalog.children[name] for name in names if name in catalog.children]
    needed = {need for child in children for need in child.needs}
    return len(children) == len(names) and needed <= set(names) and all(child.per_tenant for child in children)
