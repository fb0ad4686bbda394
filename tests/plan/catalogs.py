"""Catalogs made in memory, small ones and any that hypothesis thinks of."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.models.kinds import CHILD, Child
from appofapps.catalog.models.parent import ClusterFile, EnvironmentFile, ParentFile

API = {"apiVersion": "appofapps.dev/v1"}
OWNER = {"team": "platform", "oncall": "platform", "runbook": "https://runbooks.example/x"}
DIGEST = "sha256:" + "a" * 64


def workload(name: str, *needs: str, spec: Mapping[str, Any] | None = None, **fields: object) -> Child:
    """Return a workload with one port and a profile for every tier."""
    document = {
        **API,
        "kind": "workload",
        "name": name,
        "version": "1.0.0",
        "owner": OWNER,
        "needs": list(needs),
        "profiles": {"dev": {}, "staging": {}, "prod": {}},
        "spec": {"image": f"registry.example/{name}:1@{DIGEST}", "ports": [{"port": 8080}], **(spec or {})},
    }
    return CHILD.validate_python({**document, **fields})


def cluster(name: str, region: str = "eu-west-1", **labels: str) -> ClusterFile:
    """Return a cluster."""
    return ClusterFile.model_validate({**API, "kind": "cluster", "name": name, "region": region, "labels": labels})


def environment(name: str, tier: str = "dev", **selector: str) -> EnvironmentFile:
    """Return an environment over the clusters that a selector matches."""
    document = {**API, "kind": "environment", "name": name, "tier": tier, "clusters": selector}
    return EnvironmentFile.model_validate({**document, "aws_account": "111111111111"})


def catalog(
    children: Iterable[Child],
    clusters: Iterable[ClusterFile] = (cluster("eu-1"),),
    environments: Iterable[EnvironmentFile] = (environment("dev"),),
) -> Catalog:
    """Return a catalog of these, in this order of files."""
    parent = {**API, "kind": "parent", "name": "shop", "version": "1.0.0", "owner": OWNER}
    return Catalog(
        root=Path("catalog"),
        parent=ParentFile.model_validate(parent),
        environments={each.name: each for each in environments},
        clusters={each.name: each for each in clusters},
        children={each.name: each for each in children},
        code={},
        files={},
    )


NODES = tuple("abcdefgh")

graphs = st.dictionaries(st.sampled_from(NODES), st.sets(st.sampled_from(NODES)), min_size=1).map(
    lambda needs: {node: frozenset(wanted & needs.keys()) for node, wanted in needs.items()}
)
"""Any graph of needs, circles included."""

ordered_graphs = graphs.map(
    lambda needs: {node: frozenset(need for need in wanted if need < node) for node, wanted in needs.items()}
)
"""Graphs without circles."""

CLUSTERS = (cluster("eu-1"), cluster("eu-2"), cluster("us-1", region="us-east-1"))


@st.composite
def children(draw: st.DrawFn) -> list[Child]:
    """Return workloads that need each other without circles, each on some of the clusters."""
    needs = draw(ordered_graphs)
    names = st.lists(st.sampled_from([each.name for each in CLUSTERS]), min_size=1, unique=True)
    return [
        workload(
            node,
            *sorted(wanted),
            labels={"slice": draw(st.sampled_from(["one", "two"]))},
            target={"clusters": {"name": draw(names)}},
        )
        for node, wanted in needs.items()
    ]
