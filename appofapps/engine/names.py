"""From the engine's names to ours."""

import re

from appofapps.engine.results import ResourceName
from appofapps.plan.plan import Address

_CHILD = re.compile(r"(?P<child>[a-z0-9-]+)@(?P<place>[a-z0-9-]+)(?:/(?P<resource>.+))?")


def resource_name(urn: str) -> ResourceName:
    """Read the name out of `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`.

    Our components name themselves `cart@eu-1`, and what is in them `cart@eu-1/deployment`.
    """
    _, _, types, name = urn.split("::", 3)
    kind = types.rpartition("$")[2]
    match = _CHILD.fullmatch(name)
    if match is None:
        return ResourceName(urn, kind, None, name)
    return ResourceName(urn, kind, Address(match["child"], match["place"]), match["resource"] or "")
