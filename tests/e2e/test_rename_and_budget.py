"""Renaming replaces nothing; removing more than the deletion budget allows asks first, whoever runs the engine."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e.event_log import operations
from tests.e2e.project import Project
from tests.e2e.small_catalog import doomed, function, workload

Small = Callable[..., Project]


class TestRename:
    """`moved_from` keeps a child what it is."""

    def test_replaces_nothing(self, small: Small, aws: Callable[..., Any]) -> None:
        """Renamed children keep their objects, names and versions; plain `pulumi` and `aoa` only see labels change."""
        project = small(
            "t10a", workload("old", spec={"config": {"MODE": "calm"}}), function("task"), workload("user", "old")
        )
        project.pulumi("stack", "init", "t10a")
        project.pulumi("up", "--stack", "t10a", "--yes", "--skip-preview")
        before = identities(project, aws)

        rename(project, "old", "new")
        rename(project, "task", "chore")
        project.edit("catalog/apps/user.yaml", lambda child: child.update(needs=["new"]))
        log = project.root / "rename.events"
        project.pulumi("preview", "--stack", "t10a", "--event-log", str(log))
        assert set(operations(log).values()) == {"update"}
        seen = project.aoa("preview", "--stack", "t10a", "--json", code=1).json()["children"]
        assert {child["verb"] for child in seen} == {"changed"}

        project.aoa("up", "--stack", "t10a", "--yes")
        assert identities(project, aws) == before
        names = {resource["urn"].split("::")[-1] for resource in project.state("t10a")}
        assert not {name for name in names if name.startswith(("old@", "task@"))}
        project.pulumi("preview", "--stack", "t10a", "--expect-no-changes", "--refresh")
        project.pulumi("destroy", "--stack", "t10a", "--yes")


class TestDeletionBudget:
    """One child of the six may go without being asked; the run before has failed, which makes no difference."""

    def test_more_than_the_budget_is_refused_until_confirmed(self, small: Small) -> None:
        """`pulumi up` fails and `aoa up` is refused before anything changes; a confirmed number lets it pass."""
        project = small("t10b", *(workload(name) for name in "abcdef"))
        project.edit("catalog/environments/t10b.yaml", lambda environment: environment.update(guardrails="quota"))
        project.pulumi("stack", "init", "t10b")
        project.pulumi("up", "--stack", "t10b", "--yes", "--skip-preview")
        project.edit("catalog/apps/a.yaml", lambda child: child.update(deadline=3, patches=[doomed("never-ready")]))
        failed = project.pulumi("up", "--stack", "t10b", "--yes", "--skip-preview", code=None)
        assert failed.code != 0
        project.edit("catalog/apps/a.yaml", lambda child: child.update(deadline=60, patches=[]))

        remove(project, "e", "f")
        log = project.root / "refused.events"
        refused = project.pulumi("up", "--stack", "t10b", "--yes", "--skip-preview", "--event-log", str(log), code=None)
        assert refused.code != 0
        assert "would remove 2 of 6 children (e, f)" in refused.text
        assert operations(log) == {}
        assert "would remove 2 of 6 children (e, f)" in project.aoa("up", "--stack", "t10b", "--yes", code=2).text
        assert deployed(project) == set("abcdef")

        project.pulumi("config", "set", "app-of-apps:confirm-deletions", "2", "--stack", "t10b")
        project.pulumi("up", "--stack", "t10b", "--yes", "--skip-preview")
        project.pulumi("config", "rm", "app-of-apps:confirm-deletions", "--stack", "t10b")
        assert deployed(project) == set("abcd")

        remove(project, "c", "d")
        assert "--confirm-deletions 2" in project.aoa("up", "--stack", "t10b", "--yes", code=2).text
        assert deployed(project) == set("abcd")
        project.aoa("up", "--stack", "t10b", "--yes", "--confirm-deletions", "2")
        assert deployed(project) == set("ab")

        remove(project, "b")  # within the budget: not asked
        project.aoa("up", "--stack", "t10b", "--yes")
        assert deployed(project) == {"a"}

        remove(project, "a")  # an empty catalog is no wish to remove everything
        project.aoa("up", "--stack", "t10b", "--yes", code=2)
        assert project.pulumi("up", "--stack", "t10b", "--yes", "--skip-preview", code=None).code != 0
        assert deployed(project) == {"a"}
        project.pulumi("destroy", "--stack", "t10b", "--yes")


def identities(project: Project, aws: Callable[..., Any]) -> dict[str, str]:
    """Return what tells objects from others of the same name: the uids in the cluster, the version the alias means."""
    kinds = (
        "namespaces,deployments,configmaps,services,networkpolicies,serviceaccounts,roles,rolebindings,resourcequotas"
    )
    objects = {
        f"{item['kind']} {item['metadata']['name']}": item["metadata"]["uid"]
        for item in project.items("eu-1", kinds, "t10a")
    }
    alias = aws("lambda").get_alias(FunctionName="t10a-task", Name="live")
    return {**objects, "alias": alias["FunctionVersion"]}


def deployed(project: Project) -> set[str]:
    """Return the children whose Deployments are in the cluster."""
    found = project.items("eu-1", "deployments", "t10b")
    return {item["metadata"]["name"].removeprefix("t10b-") for item in found}


def rename(project: Project, old: str, new: str) -> None:
    """Give a child another name, as a person does: in its file, and with `moved_from`."""
    apps = project.root / "catalog/apps"
    (apps / f"{old}.yaml").rename(apps / f"{new}.yaml")
    project.edit(f"catalog/apps/{new}.yaml", lambda child: child.update(name=new, moved_from=old))


def remove(project: Project, *children: str) -> None:
    """Take the files of children out of the catalog."""
    for child in children:
        Path(project.root, f"catalog/apps/{child}.yaml").unlink()
