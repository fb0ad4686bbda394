"""What exists without our labels is somebody else's, until the catalog says otherwise."""

from collections.abc import Callable
from typing import Any

from tests.e2e.project import Project
from tests.e2e.small_catalog import function, of_kind, workload

Small = Callable[..., Project]
TABLES = {
    "repository": "https://git.example.org/tables", "revision": "c" * 40, "stack": "acme/tables/dev",
    "service_account": "tables",
}  # fmt: skip
"""Kind `stack`, whose definition the sandbox has not got."""
API_GROUP = "rbac.authorization.k8s.io"


def role(project: Project, child: str) -> dict[str, Any]:
    """Return a child of one ClusterRole, which is laid into the catalog, and there already by somebody else's hand."""
    name = f"{project.root.name}-{child}"
    project.kubectl("eu-1", "create", "clusterrole", name, "--verb=get", "--resource=pods")
    rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]}]
    written = {"apiVersion": f"{API_GROUP}/v1", "kind": "ClusterRole", "metadata": {"name": name}, "rules": rules}
    project.write(f"catalog/manifests/{child}/role.yaml", written)
    return of_kind("manifests", child, spec={"folder": f"manifests/{child}", "cluster_scoped": ["ClusterRole"]})


def test_is_refused_then_adopted(small: Small) -> None:
    """`aoa up` refuses a foreign namespace, and a foreign object of the whole cluster that somebody wrote into a file.

    In the first run and later ones; `adopt: true` takes them over.
    """
    project = small("t9", workload("a"))
    project.write("catalog/apps/viewer.yaml", role(project, "viewer"))
    project.kubectl("eu-1", "create", "namespace", "t9-a")
    refused = project.aoa("up", "--stack", "t9", "--yes", code=2).text
    assert "a@eu-1: Namespace t9-a in eu-1 exists and is not ours" in refused
    assert "viewer@eu-1: ClusterRole t9-viewer in eu-1 exists and is not ours" in refused
    assert "adopt: true" in refused
    assert project.get("eu-1", "all", "-n", "t9-a")["items"] == []
    uid = project.get("eu-1", "namespace", "t9-a")["metadata"]["uid"]

    for each in ("a", "viewer"):
        project.edit(f"catalog/apps/{each}.yaml", lambda child: child.update(adopt=True))
    project.aoa("up", "--stack", "t9", "--yes")
    taken_over = project.get("eu-1", "clusterrole", "t9-viewer")
    assert (taken_over["rules"][0]["verbs"], taken_over["metadata"]["labels"]["appofapps.dev/environment"]) == (
        ["list"], "t9",
    )  # fmt: skip
    adopted = project.get("eu-1", "namespace", "t9-a")["metadata"]
    assert adopted["uid"] == uid
    assert adopted["labels"]["appofapps.dev/environment"] == "t9"

    project.kubectl("eu-1", "create", "namespace", "t9-b")
    project.write("catalog/apps/b.yaml", workload("b"))
    project.write("catalog/apps/editor.yaml", role(project, "editor"))
    project.write("catalog/apps/tables.yaml", of_kind("stack", "tables", spec=TABLES))
    refused = project.aoa("up", "--stack", "t9", "--yes", code=2).text
    assert "b@eu-1: Namespace t9-b" in refused
    assert "editor@eu-1: ClusterRole t9-editor" in refused
    assert "tables@eu-1: eu-1 knows no Stack (pulumi.com/v1): its definition is not installed" in refused
    (project.root / "catalog/apps/tables.yaml").unlink()
    for each in ("b", "editor"):
        project.edit(f"catalog/apps/{each}.yaml", lambda child: child.update(adopt=True))
    project.aoa("up", "--stack", "t9", "--yes")
    project.pulumi("destroy", "--stack", "t9", "--yes")


def test_an_object_in_our_own_namespace(small: Small) -> None:
    """A Service that somebody made under the name our next one takes is refused, then adopted with its uid."""
    project = small("t9c", workload("a", spec={"ports": []}))
    project.aoa("up", "--stack", "t9c", "--yes")
    project.kubectl("eu-1", "create", "service", "clusterip", "t9c-a", "-n", "t9c-a", "--tcp=9999")
    uid = project.get("eu-1", "service", "t9c-a", "-n", "t9c-a")["metadata"]["uid"]
    project.edit("catalog/apps/a.yaml", lambda child: child["spec"].update(ports=[{"port": 8080}]))
    refused = project.aoa("up", "--stack", "t9c", "--yes", code=2).text
    assert "a@eu-1: Service t9c-a/t9c-a in eu-1 exists and is not ours" in refused

    project.edit("catalog/apps/a.yaml", lambda child: child.update(adopt=True))
    project.aoa("up", "--stack", "t9c", "--yes")
    service = project.get("eu-1", "service", "t9c-a", "-n", "t9c-a")
    assert service["metadata"]["uid"] == uid
    assert 8080 in {port["port"] for port in service["spec"]["ports"]}
    project.pulumi("destroy", "--stack", "t9c", "--yes")


def test_names_taken_in_aws(small: Small, aws: Callable[..., Any]) -> None:
    """A role that somebody made under the name of our function's is refused before anything is made."""
    role = "t9f-task-eu-west-1"
    policy = '{"Version": "2012-10-17", "Statement": []}'
    aws("iam").create_role(RoleName=role, AssumeRolePolicyDocument=policy)
    project = small("t9f", function("task"))
    refused = project.aoa("up", "--stack", "t9f", "--yes", code=2).text
    assert f"task@eu-west-1: Role {role} in eu-west-1 exists and is not ours" in refused
    aws("iam").delete_role(RoleName=role)
