"""A preview's share of the catalog: an environment and a catalog of its own, made of the one it is a preview of.

The stack of pull request 12 runs environment `pr-12`: the children under change and what they need. What is shared is
not deployed again but lent by the environment around it, as a need that another stack runs.
"""

from collections.abc import Mapping
from dataclasses import replace

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.load import PREVIEWS
from appofapps.catalog.models.child import Placement
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.parent import DeletionBudget, EnvironmentFile, StackTarget
from appofapps.catalog.models.previews import Preview, Previews
from appofapps.catalog.selector import both
from appofapps.plan.naming import physical_name, service_host
from appofapps.plan.network import namespace
from appofapps.plan.place import declared_places, is_targeted

_ANY = DeletionBudget(children=10_000, percent=100)
"""A preview keeps nothing worth a second question."""


def share(catalog: Catalog, target: StackTarget) -> tuple[Catalog, StackTarget]:
    """Return the catalog and the target that a preview's stack means.

    Everything they name has to exist (`checks.previews`). Raises ValidationError where an image fits no child.
    """
    rules, preview = catalog.previews, target.preview
    assert rules
    assert preview
    around = catalog.environments[preview.environment]
    own = members(catalog, preview)
    clusters = both(around.clusters, rules.clusters)
    places = declared_places(catalog, around.model_copy(update={"clusters": clusters}))
    lent = tuple(sorted(name for name, where in places.items() if where and name not in own))
    mine = around.model_copy(
        update={
            "name": preview.name, "clusters": clusters, "quota": rules.quota, "preview_of": around.name, "lent": lent,
        }
    )  # fmt: skip
    children = {name: _lent(catalog.children[name], around) for name in lent}
    children |= {name: _mine(catalog, name, rules, preview, mine) for name in sorted(own)}
    made = replace(
        catalog,
        parent=catalog.parent.model_copy(update={"deletion_budget": _ANY}),
        environments={mine.name: mine},
        environment_files={mine.name: catalog.root / PREVIEWS},
        children=children,
        previews=None,
        tenants={},
        tenant_plans={},
    )
    return made, StackTarget(environment=mine.name, select={"name": tuple(sorted(own))}, preview=preview)


def members(catalog: Catalog, preview: Preview) -> frozenset[str]:
    """Return the children a preview deploys: those under change, and what they need and is not shared."""
    shared = set(catalog.previews.shared if catalog.previews else ())
    found, ahead = set[str](), list(preview.children)
    while ahead:
        name = ahead.pop()
        if name not in found and name in catalog.children:
            found.add(name)
            ahead += [need for need in catalog.children[name].needs if need not in shared]
    return frozenset(name for name in found if is_targeted(catalog.children[name], preview.environment))


def _lent(child: Child, around: EnvironmentFile) -> Child:
    """Return a child as others may rely on it; what it relies on itself is the concern of where it runs."""
    here = Placement(clusters=child.target.clusters)
    quota = child.quota or around.quota
    return child.model_copy(update={"target": here, "quota": quota, "needs": (), "consumes": (), "cloud_identity": ()})


def _mine(catalog: Catalog, name: str, rules: Previews, preview: Preview, mine: EnvironmentFile) -> Child:
    """Return a child as a preview has it: free to go at any time, at a host of its own, told where its needs are."""
    child = catalog.children[name]
    if name in preview.images:
        child = _with_image(child, preview)
    update = {"paused": None, "pinned": None, "adopt": False, "deletion_policy": "delete", "quota": None}
    child = child.model_copy(update={**update, "target": Placement(clusters=child.target.clusters)})
    label = physical_name(name, preview.name)
    return child.at_host(f"{label}.{rules.domain}").with_variables(mine.tier, _addresses(catalog, child, mine))


def _with_image(child: Child, preview: Preview) -> Child:
    """Return a child that runs an image of the pull request; its version says that it is no release."""
    document = child.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude={"pinned"})
    mark = f"{'.' if '+' in child.version else '+'}pr{preview.pr}.{preview.ref[:7]}"
    document["spec"] = {**document["spec"], "image": preview.images[child.name]}
    return type(child).model_validate({**document, "version": child.version + mark})


def _addresses(catalog: Catalog, child: Child, mine: EnvironmentFile) -> Mapping[str, str]:
    """Return the variables that say where the needs of a child are, which have other names here than anywhere."""
    given = {secret.variable for secret in child.secrets}
    needs = (catalog.children[need] for need in child.needs if child.RUNS_IN == "cluster")
    names = {need.name: namespace(mine, need) for need in needs if need.has_service}
    found = {f"{need.upper().replace('-', '_')}_HOST": service_host(name) for need, name in names.items()}
    return {name: host for name, host in found.items() if name not in given}
