"""A tenant's share of the catalog: an environment and a catalog of its own, made of the ones around it.

The stack of tenant `acme` in environment `dev` runs environment `dev-acme`: so every physical name, label and check of
an environment holds for a tenant as it is, and nothing behind this module knows of tenants.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from appofapps.catalog.catalog import APPS, Catalog
from appofapps.catalog.explain import dotted
from appofapps.catalog.models.child import Placement
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.parent import EnvironmentFile, StackTarget
from appofapps.catalog.models.tenant import Tenant, TenantPlan
from appofapps.catalog.problems import CatalogError, Problem
from appofapps.catalog.selector import both


def tenant_environment(environment: str, tenant: str) -> str:
    """Return the name of a tenant's own environment, which is that of its stack, too."""
    return f"{environment}-{tenant}"


def share(catalog: Catalog, target: StackTarget) -> tuple[Catalog, StackTarget]:
    """Return the catalog and the target that a stack means: for a tenant's stack its own, else the given ones.

    The tenant, its plan and the environment have to exist (`checks.tenants`). Raises CatalogError where a child does
    not fit its ring.
    """
    if target.tenant is None:
        return catalog, target
    tenant = catalog.tenants[target.tenant]
    plan = catalog.tenant_plans[tenant.plan]
    mine = _environment(catalog.environments[target.environment], tenant, plan)
    children = {name: _mine(catalog, name, tenant, plan) for name in plan.children if name in catalog.children}
    own = replace(
        catalog,
        environments={mine.name: mine},
        environment_files={mine.name: catalog.tenant_files.get(tenant.name, catalog.root)},
        children=children,
        previews=None,
        tenants={},
        tenant_plans={},
        around=(catalog, catalog.environments[target.environment]),
    )
    return own, StackTarget(environment=mine.name, clusters=target.clusters)


def _environment(around: EnvironmentFile, tenant: Tenant, plan: TenantPlan) -> EnvironmentFile:
    return around.model_copy(
        update={
            "name": tenant_environment(around.name, tenant.name),
            "clusters": both(around.clusters, tenant.clusters),
            "quota": tenant.quota or plan.quota,
            "tenant": tenant.name,
            "admin_group": tenant.admin_group,
            "isolation": plan.isolation,
            "guardrails": "full",
        }
    )


def _mine(catalog: Catalog, name: str, tenant: Tenant, plan: TenantPlan) -> Child:
    child = in_ring(catalog, catalog.children[name], tenant.ring or plan.ring)
    anywhere = Placement(clusters=child.target.clusters)
    return child.for_tenant(tenant.name).model_copy(update={"per_tenant": False, "target": anywhere, "rings": {}})


def in_ring(catalog: Catalog, child: Child, ring: str | None) -> Child:
    """Return a child as a ring runs it. Raises CatalogError where the ring's release is no release of this kind."""
    release = child.rings.get(ring) if ring else None
    if release is None:
        return child
    document = child.model_dump(mode="json", by_alias=True, exclude_unset=True)
    document |= {"version": release.version, "spec": _merged(document["spec"], release.spec)}
    try:
        return type(child).model_validate(document)
    except ValidationError as error:
        raise CatalogError(_misfits(catalog, child, str(ring), error)) from None


def _misfits(catalog: Catalog, child: Child, ring: str, error: ValidationError) -> Iterator[Problem]:
    file = catalog.files.get(child.name) or catalog.root / APPS / f"{child.name}.yaml"
    for each in error.errors():
        where = each["loc"]
        yield Problem(file, ("rings", ring, *where), f"rings.{ring}: {dotted(where)}: {each['msg']}")


def _merged(one: Any, other: Any) -> Any:  # noqa: ANN401 - YAML values
    """Return a spec with parts of another over it; None is a value here, with which a ring takes a setting back.

    In values of charts and in patches None removes a key instead: there is no model behind them to know it.
    """
    if not (isinstance(one, Mapping) and isinstance(other, Mapping)):
        return other
    return {**one, **{key: _merged(one.get(key), value) for key, value in other.items()}}
