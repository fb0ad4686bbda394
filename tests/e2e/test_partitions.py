"""One environment cut into stacks by selector: ordered by the catalog, gated across stacks, refused when cyclic."""

from collections.abc import Callable

from tests.e2e.project import Project
from tests.e2e.small_catalog import workload

Small = Callable[..., Project]


def partition(project: Project, name: str, *layers: str) -> None:
    """Replace the stack of an environment by one a layer."""
    (project.root / f"Pulumi.{name}.yaml").unlink()
    for layer in layers:
        config = {"app-of-apps:environment": name, "app-of-apps:select": {"layer": layer}}
        project.write(f"Pulumi.{name}-{layer}.yaml", {"config": config})


def test_stacks_wait_for_each_other(small: Small) -> None:
    """The upper stack is refused until the lower one is live; `--env` runs both, in order; nothing is left to do."""
    store = workload("store", labels={"layer": "lower"})
    shop = workload("shop", "store", labels={"layer": "upper"})
    project = small("tp", store, shop)
    partition(project, "tp", "lower", "upper")

    refused = project.aoa("up", "--stack", "tp-upper", "--yes", code=2)
    assert "store@eu-1" in refused.text
    assert "tp-lower" in refused.text
    assert project.items("eu-1", "namespaces", "tp") == []

    done = project.aoa("fleet", "up", "--env", "tp", "--yes").text
    assert done.index("tp-lower") < done.index("tp-upper")
    assert {item["metadata"]["name"] for item in project.items("eu-1", "deployments", "tp")} == {"tp-store", "tp-shop"}
    for stack in ("tp-upper", "tp-lower"):
        project.pulumi("preview", "--stack", stack, "--expect-no-changes")
        project.aoa("destroy", "--stack", stack, "--yes")


def test_a_cyclic_partition_is_refused_with_the_path(small: Small) -> None:
    """Children without a cycle can be cut into stacks with one; nothing runs then."""
    project = small(
        "tc",
        workload("a", labels={"layer": "one"}),
        workload("b", "a", labels={"layer": "two"}),
        workload("c", "b", labels={"layer": "one"}),
    )
    partition(project, "tc", "one", "two")

    refused = project.aoa("fleet", "up", "--env", "tc", "--yes", code=2)
    assert "tc-one -> tc-two -> tc-one" in refused.text or "tc-two -> tc-one -> tc-two" in refused.text
    assert project.items("eu-1", "namespaces", "tc") == []


def test_only_takes_the_needs_along(small: Small) -> None:
    """`--only` deploys a child and what it needs, and leaves the others alone."""
    project = small("to", workload("store"), workload("shop", "store"), workload("other"))

    project.aoa("up", "--stack", "to", "--only", "shop", "--yes")
    assert {item["metadata"]["name"] for item in project.items("eu-1", "deployments", "to")} == {"to-store", "to-shop"}
    project.aoa("up", "--stack", "to", "--yes")
    assert len(project.items("eu-1", "deployments", "to")) == 3
    project.aoa("destroy", "--stack", "to", "--yes")
