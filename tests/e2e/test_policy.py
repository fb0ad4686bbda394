"""Policies, evaluated by a real API server: warned, refused, bypassed, and never in the cluster's own way."""

import time
from collections.abc import Callable, Mapping

import pytest

from tests.e2e.project import Done, Project
from tests.e2e.small_catalog import image, of_kind, small_project, workload

SPEC = {
    "namespaces": {"appofapps.dev/environment": "t10"},
    "resources": [{"api": "v1", "plural": "configmaps"}],
    "rules": [
        {"name": "small", "message": "at most two keys", "expression": "!has(object.data) || object.data.size() <= 2"}
    ],
}
MOST = {"expression": "!has(object.data) || object.data.size() <= int(params.data.most)"}
ROOM = {
    "namespaces": {"appofapps.dev/child": "cart"},
    "pod_security": "restricted",
    "quota": {"requests.cpu": "100m"},  # two pods of the cart: one, and its successor
    "network": {
        "allow_from": [{"namespaces": {"team": "monitoring"}, "ports": [8080], "reason": "metrics"}],
        "allow_to": [{"cidr": "10.9.0.0/24", "ports": [3128], "reason": "the way out is a proxy"}],
    },
}
OPENED = {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}}
CLUSTER = "eu-1"
BIG = ("create", "configmap", "big", "--from-literal=a=1", "--from-literal=b=2", "--from-literal=c=3")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, environment: Mapping[str, str]) -> Project:
    """Deploy two policies that warn, one of admission and one over a namespace; the last test destroys them."""
    cart = workload("cart", patches=[{"resource": "namespace", "merge": OPENED}])
    children = (cart, of_kind("policy", "small-maps", spec=SPEC), of_kind("policy", "room", spec=ROOM))
    made = small_project(tmp_path_factory.mktemp("t10"), environment, "t10", children)
    made.pulumi("stack", "init", "t10")
    made.aoa("up", "--stack", "t10", "--yes")
    return made


def until(attempt: Callable[[], Done], wanted: Callable[[Done], bool]) -> Done:
    """Try until the API server counts a changed policy, a few seconds at most."""
    end = time.monotonic() + 30
    while not wanted(done := attempt()) and time.monotonic() < end:
        time.sleep(0.5)
    assert wanted(done), done.text
    return done


def ask(project: Project, namespace: str = "t10-cart", *who: str) -> Done:
    """Ask for a ConfigMap with three keys; nothing is kept."""
    return project.kubectl(CLUSTER, *BIG, "-n", namespace, "--dry-run=server", *who, code=None)


def start(project: Project, cpu: str, **spec: object) -> Done:
    """Ask for a pod beside the cart's, by itself within all standards; nothing is kept."""
    rights = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    container = {"name": "more", "image": image(), "resources": {"requests": {"cpu": cpu}}, "securityContext": rights}
    nobody = {"runAsNonRoot": True, "runAsUser": 65532, "seccompProfile": {"type": "RuntimeDefault"}}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "more"}}
    project.write("more.yaml", {**pod, "spec": {"containers": [container], "securityContext": nobody, **spec}})
    return project.kubectl(CLUSTER, "create", "-f", "more.yaml", "-n", "t10-cart", "--dry-run=server", code=None)


def set_spec(project: Project, **fields: object) -> None:
    """Change the policy and deploy it."""
    project.edit("catalog/apps/small-maps.yaml", lambda child: child["spec"].update(fields))
    project.aoa("up", "--stack", "t10", "--yes")


def test_audit_lets_pass_and_warns(project: Project) -> None:
    """Until it denies, whoever breaks a rule reads so and is not held up."""
    done = until(lambda: ask(project), lambda done: "at most two keys (small-maps/small)" in done.err)

    assert done.code == 0
    assert "Warning" in done.err


def test_audit_of_a_namespace_says_what_would_not_be(project: Project) -> None:
    """A pod in the node's network passes with a warning, the child that lets it is noted; no quota is made."""
    passed = start(project, "1", hostNetwork=True)

    assert passed.code == 0
    assert "would violate PodSecurity" in passed.err
    noted = project.aoa("plan", "--stack", "t10").err
    assert "cart@eu-1: the namespace enforces pod security 'privileged', and policy 'room' (audit) asks for" in noted
    assert [each["metadata"]["name"] for each in project.get(CLUSTER, "resourcequotas", "-n", "t10-cart")["items"]] == [
        "t10-cart"
    ]
    opened = project.get(CLUSTER, "networkpolicy", "t10-room", "-n", "t10-cart")["spec"]
    assert opened["ingress"][0]["ports"] == [{"port": 8080, "protocol": "TCP"}]
    assert opened["egress"][0]["to"] == [{"ipBlock": {"cidr": "10.9.0.0/24"}}]


def test_deny_holds_a_namespace_to_it(project: Project) -> None:
    """The child that goes below is refused before anything runs; then the pod is, and one over the quota."""
    project.edit("catalog/apps/room.yaml", lambda child: child["spec"].update(mode="deny"))
    refused = project.aoa("up", "--stack", "t10", "--yes", code=2)
    assert "catalog/apps/cart.yaml:" in refused.err
    assert "policy 'room' asks for 'restricted'; remove this, or write 't10-cart' under `excluded`" in refused.err

    project.edit("catalog/apps/cart.yaml", lambda child: child.pop("patches"))
    project.aoa("up", "--stack", "t10", "--yes")

    until(lambda: start(project, "60m"), lambda done: "exceeded quota: t10-room" in done.err)
    assert start(project, "50m").code == 0
    on_node = start(project, "50m", hostNetwork=True)
    assert on_node.code != 0
    assert "violates PodSecurity" in on_node.err


def test_deny_refuses_with_the_message(project: Project) -> None:
    """The same request is refused, and says which rule of which child."""
    set_spec(project, mode="deny")

    done = until(lambda: ask(project), lambda done: done.code != 0)

    assert "at most two keys (small-maps/small)" in done.err
    assert ask(project, "default").code == 0  # not one of the selected namespaces


def test_parameters_count(project: Project) -> None:
    """The limit is a parameter: raised, the same rule lets the same request pass."""
    set_spec(project, parameters={"most": "2"}, rules=[{**SPEC["rules"][0], **MOST}])  # type: ignore[index]
    until(lambda: ask(project), lambda done: done.code != 0)

    set_spec(project, parameters={"most": "3"})

    until(lambda: ask(project), lambda done: done.code == 0)


def test_the_emergency_exit_is_open(project: Project) -> None:
    """A member of the group is never refused; neither is anybody in a namespace that is labelled so."""
    set_spec(project, parameters={"most": "2"})
    until(lambda: ask(project), lambda done: done.code != 0)

    masters = ("--as=alice", "--as-group=system:masters")
    assert ask(project, "t10-cart", *masters).code != 0
    assert ask(project, "t10-cart", *masters, "--as-group=platform:break-glass").code == 0
    project.kubectl(CLUSTER, "label", "namespace", "t10-cart", "appofapps.dev/policy-bypass=incident-1")
    until(lambda: ask(project), lambda done: done.code == 0)
    project.kubectl(CLUSTER, "label", "namespace", "t10-cart", "appofapps.dev/policy-bypass-")


def test_the_cluster_is_never_locked_out(project: Project) -> None:
    """Over all namespaces, with a rule nobody passes, or one that cannot be evaluated, kube-system goes on."""
    never = {"name": "never", "message": "no", "expression": "false"}
    broken = {"name": "broken", "message": "no", "expression": "object.data['missing'] == 'x'"}
    project.kubectl(CLUSTER, "create", "configmap", "old", "-n", "default")
    set_spec(project, namespaces={}, excluded=["t10-cart"], parameters={}, rules=[never])

    until(lambda: ask(project, "default"), lambda done: done.code != 0)
    project.kubectl(CLUSTER, "delete", "configmap", "old", "-n", "default", "--cascade=foreground", "--timeout=30s")
    assert ask(project, "kube-system").code == 0
    assert ask(project).code == 0

    set_spec(project, rules=[broken])
    until(lambda: ask(project, "default"), lambda done: done.code == 0)


def test_a_rule_that_is_no_expression_changes_nothing(project: Project) -> None:
    """The API server refuses it, the run fails, and the policy that was there stays."""
    project.edit(
        "catalog/apps/small-maps.yaml",
        lambda child: child["spec"].update(rules=[{"name": "typo", "message": "m", "expression": "object.data. =="}]),
    )
    done = project.aoa("up", "--stack", "t10", "--yes", code=1)
    assert "expression" in done.text
    project.pulumi("destroy", "--stack", "t10", "--yes")
    assert not project.items(CLUSTER, "validatingadmissionpolicies", "t10")
