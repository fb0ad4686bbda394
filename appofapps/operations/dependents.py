"""Who needs a child."""

from collections.abc import Iterator

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.problems import Problem


def dependents(catalog: Catalog, child: str) -> Iterator[Problem]:
    """Yield who needs a child that is to go, or a contract that only it provides."""
    offered = {each.contract for each in catalog.children[child].provides} if child in catalog.children else set()
    others = [each for name, each in sorted(catalog.children.items()) if name != child]
    elsewhere = {each.contract for other in others for each in other.provides}
    for other in others:
        hint = f"take that out first, or retire {other.name!r} first"
        file = catalog.files[other.name]
        for index, need in enumerate(other.needs):
            if need == child:
                yield Problem(file, ("needs", index), f"{other.name!r} needs {child!r}, which is to be retired", hint)
        for index, consumed in enumerate(other.consumes):
            if consumed.contract in offered - elsewhere:
                message = f"{other.name!r} consumes {consumed.contract!r}, which only {child!r} provides"
                yield Problem(file, ("consumes", index, "contract"), message, hint)
