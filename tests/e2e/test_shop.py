"""The shipped catalog, from nothing to nothing: stacks dev and prod on the real engine."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from appofapps.catalog.load import load
from appofapps.catalog.stacks import load_stacks
from appofapps.plan.plan import Plan
from appofapps.plan.resolve import resolve
from tests.e2e.event_log import changed, starts_and_ends
from tests.e2e.project import Project

STACKS = ("dev", "prod")


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory, environment: Mapping[str, str]) -> Iterator[Project]:
    """Stacks dev and prod of the shipped catalog, deployed; the last test of this module destroys them."""
    project = Project.at(tmp_path_factory.mktemp("shop") / "shop", environment)
    for stack in STACKS:
        project.pulumi("stack", "init", stack)
        project.pulumi("up", "--stack", stack, "--yes", "--skip-preview", "--event-log", str(log(project, stack)))
    return project


def log(project: Project, run: str) -> Path:
    """Return the event log of a run."""
    return project.root / f"{run}.events"


def plan(project: Project, stack: str) -> Plan:
    """Return the plan of a stack."""
    return resolve(load(project.root / "catalog"), load_stacks(project.root)[stack])


class TestUp:
    """Both stacks came up by plain `pulumi up`."""

    @pytest.mark.parametrize("stack", STACKS)
    def test_every_deployment_is_available(self, deployed: Project, stack: str) -> None:
        """Each workload's Deployment is Available, in each of its clusters; an autoscaler may still be adding pods."""
        for cluster in plan(deployed, stack).clusters:
            expected = {
                p.name
                for p in plan(deployed, stack).children
                if p.place.name == cluster.name and p.child.main_resource == "deployment"
            }
            homes = {p.name for p in plan(deployed, stack).children if p.place.name == cluster.name}
            items = deployed.items(cluster.name, "deployments", stack)
            # Objects that others wrote have names of their own, in the child's namespace.
            assert expected <= {item["metadata"]["name"] for item in items}
            assert {item["metadata"]["namespace"] for item in items} <= homes
            assert expected
            ours = ("-A", "-l", f"appofapps.dev/environment={stack}", "--timeout=60s")
            deployed.kubectl(cluster.name, "wait", "deployments", "--for=condition=Available", *ours)

    @pytest.mark.parametrize("stack", STACKS)
    def test_aliases_resolve_to_published_versions(
        self, deployed: Project, stack: str, aws: Callable[..., Any]
    ) -> None:
        """The alias `live` of each function, in each region, names a version that exists."""
        functions = [p for p in plan(deployed, stack).children if p.child.kind == "function"]
        assert functions
        for planned in functions:
            client = aws("lambda", planned.place.region)
            version = client.get_alias(FunctionName=planned.name, Name="live")["FunctionVersion"]
            assert re.fullmatch(r"\d+", version)
            assert client.get_function(FunctionName=planned.name, Qualifier=version)

    @pytest.mark.parametrize("stack", STACKS)
    def test_order_respects_every_need(self, deployed: Project, stack: str) -> None:
        """In the engine's event log nothing of a child begins before what stands for its needs' readiness has ended."""
        starts, ends = starts_and_ends(log(deployed, stack))
        late = [
            (resource, ready)
            for child, ready in edges(plan(deployed, stack))
            for resource in of(child, starts)
            if starts[resource] < ends[ready]
        ]
        assert not late

    @pytest.mark.parametrize("stack", STACKS)
    def test_nothing_left_to_do(self, deployed: Project, stack: str) -> None:
        """A second preview, with a look at the world, finds no change; neither does `aoa`."""
        deployed.pulumi("preview", "--stack", stack, "--expect-no-changes", "--refresh")
        assert "no changes" in deployed.aoa("up", "--stack", stack, "--yes").text.lower()

    def test_status_is_healthy(self, deployed: Project) -> None:
        """`aoa status` lists every child, all ready, and exits 0."""
        rows = deployed.aoa("status", "--stack", "prod", "--json").json()["children"]
        assert len(rows) == len(plan(deployed, "prod").children)
        assert all(row["ready"] for row in rows)


class TestRelease:
    """A release touches its child and nothing else."""

    def test_new_image_changes_only_that_child(self, deployed: Project) -> None:
        """A new image of the cart changes the Deployment of the cart, and no other child."""
        deployed.edit("catalog/apps/cart.yaml", lambda child: child["spec"].update(image=_other_image(child)))
        deployed.pulumi("up", "--stack", "dev", "--yes", "--skip-preview", "--event-log", str(log(deployed, "image")))
        assert changed(log(deployed, "image")) == {"cart@eu-1/deployment"}

    def test_new_code_publishes_a_version_and_moves_the_alias(self, deployed: Project, aws: Callable[..., Any]) -> None:
        """New code of a function is a new version, and `live` points at it."""
        client = aws("lambda")
        before = client.get_alias(FunctionName="dev-fraud-check", Name="live")["FunctionVersion"]
        handler = deployed.root / "catalog/functions/fraud-check/handler.py"
        handler.write_text(handler.read_text() + "\n# A new release.\n")
        deployed.pulumi("up", "--stack", "dev", "--yes", "--skip-preview", "--event-log", str(log(deployed, "code")))
        after = client.get_alias(FunctionName="dev-fraud-check", Name="live")["FunctionVersion"]
        assert int(after) == int(before) + 1
        assert changed(log(deployed, "code")) == {"fraud-check@eu-west-1/function", "fraud-check@eu-west-1/alias"}


class TestDestroy:
    """The end: in reverse order, and nothing is left."""

    @pytest.mark.parametrize("stack", STACKS)
    def test_reverse_order_and_nothing_left(self, deployed: Project, stack: str, aws: Callable[..., Any]) -> None:
        """Dependents go before what they need; no namespace, function, role, queue, bucket or log group remains."""
        wanted = plan(deployed, stack)
        deployed.pulumi("destroy", "--stack", stack, "--yes", "--event-log", str(log(deployed, f"{stack}-destroy")))
        starts, ends = starts_and_ends(log(deployed, f"{stack}-destroy"))
        early = [
            (resource, ready)
            for child, ready in edges(wanted)
            for resource in of(child, ends)
            if starts[ready] < ends[resource]
        ]
        assert not early
        for cluster in wanted.clusters:
            assert deployed.items(cluster.name, "namespaces", stack) == []
        for region in {*wanted.regions, *(planned.home for planned in wanted.children)}:
            assert leftovers(aws, region, f"{stack}-") == []


def _other_image(child: dict[str, Any]) -> str:
    return child["spec"]["image"].rsplit(":", 1)[0] + ":" + "b" * 64


def edges(wanted: Plan) -> list[tuple[str, str]]:
    """Return who needs what: a child's address, and the resource that stands for the readiness of a need."""
    found = [
        (str(planned.address), f"{need}/{wanted.by_address[need].child.main_resource}")
        for planned in wanted.children
        for need in planned.needs
    ]
    assert len(found) > 10
    return found


def of(child: str, resources: Mapping[str, int]) -> list[str]:
    """Return the resources of a child."""
    return [name for name in resources if name.startswith(f"{child}/")]


def leftovers(aws: Callable[..., Any], region: str, prefix: str) -> list[str]:
    """Return the names of everything of an environment that is in AWS."""
    names = [
        *(f["FunctionName"] for f in aws("lambda", region).list_functions()["Functions"]),
        *(f["Name"] for f in aws("cloudfront", region).list_functions()["FunctionList"].get("Items", ())),
        *(r["RoleName"] for r in aws("iam", region).list_roles()["Roles"]),
        *(url.rsplit("/", 1)[1] for url in aws("sqs", region).list_queues().get("QueueUrls", [])),
        *(g["logGroupName"].rsplit("/", 1)[-1] for g in aws("logs", region).describe_log_groups()["logGroups"]),
        *(b["Name"] for b in aws("s3", region).list_buckets()["Buckets"]),
        *(r["Name"] for r in aws("events", region).list_rules()["Rules"]),
    ]  # fmt: skip
    return sorted(name for name in names if name.startswith(prefix))
