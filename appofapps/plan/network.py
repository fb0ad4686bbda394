"""Allowed traffic: what `needs` open between the namespaces of one cluster."""

from collections import defaultdict
from collections.abc import Mapping

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.workload import Workload
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


def egress(catalog: Catalog, environment: str, place: str, needs: tuple[Address, ...]) -> tuple[Peer, ...]:
    """Return the namespaces and ports a child may call: its needs in the same cluster."""
    children = (catalog.children[need.child] for need in needs if need.place == place)
    return tuple(Peer(namespace(environment, child), open_ports(child)) for child in children if open_ports(child))


def ingress(catalog: Catalog, environment: str, address: Address, callers: Dependents) -> tuple[Peer, ...]:
    """Return the namespaces that may call a child: its dependents in the same cluster."""
    child = catalog.children[address.child]
    near = (caller for caller in callers.get(address, ()) if caller.place == address.place)
    return tuple(
        Peer(namespace(environment, catalog.children[caller.child]), open_ports(child))
        for caller in near
        if open_ports(child)
    )


def namespace(environment: str, child: Child) -> str:
    """Return the namespace of a child: its physical name."""
    return physical_name(environment, child.identity)


def open_ports(child: Child) -> tuple[tuple[int, str], ...]:
    """Return the ports others may call, as (number, protocol); only workloads have any."""
    return tuple((port.port, port.protocol) for port in child.spec.ports) if isinstance(child, Workload) else ()
