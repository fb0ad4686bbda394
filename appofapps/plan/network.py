"""Allowed traffic: what `needs` open between the namespaces of one cluster."""

from collections import defaultdict
from collections.abc import Mapping

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.parent import EnvironmentFile
from appofapps.plan import conventions as c
from appofapps.plan.naming import physical_name
from appofapps.plan.plan import Address, Peer

Dependents = Mapping[Address, tuple[Address, ...]]


def dependents(needed: Mapping[Address, tuple[Address, ...]]) -> Dependents:
    """Return who needs each child, by address, over a whole environment."""
    found: defaultdict[Address, list[Address]] = defaultdict(list)
    for address, needs in needed.items():
        for need in needs:
            found[need].append(address)
    return {address: tuple(sorted(callers)) for address, callers in found.items()}


def egress(catalog: Catalog, environment: EnvironmentFile, place: str, needs: tuple[Address, ...]) -> tuple[Peer, ...]:
    """Return the namespaces and ports a child may call: its needs in the same cluster."""
    children = (catalog.children[need.child] for need in needs if need.place == place)
    return tuple(
        Peer(namespace(environment, child), child.open_ports, child.name) for child in children if child.open_ports
    )


def ingress(catalog: Catalog, environment: EnvironmentFile, address: Address, callers: Dependents) -> tuple[Peer, ...]:
    """Return the namespaces that may call a child: its dependents in the same cluster."""
    child = catalog.children[address.child]
    near = (caller for caller in callers.get(address, ()) if caller.place == address.place)
    return tuple(
        Peer(namespace(environment, catalog.children[caller.child]), child.open_ports)
        for caller in near
        if child.open_ports
    )


def previews(catalog: Catalog, environment: EnvironmentFile, child: Child) -> tuple[Peer, ...]:
    """Return the namespaces of all previews of an environment, which may call what it shares with them."""
    rules = catalog.previews
    if not rules or rules.environment != environment.name or child.name not in rules.shared or not child.open_ports:
        return ()
    return (Peer("", child.open_ports, labels={c.PREVIEW_OF: environment.name}),)


def namespace(environment: EnvironmentFile, child: Child) -> str:
    """Return the namespace of a child: its physical name."""
    return physical_name(environment.home_of(child.name), child.identity)
