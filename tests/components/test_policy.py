"""Rules of admission; what the API server makes of them is in tests/e2e/test_policy.py."""

import pytest
from pydantic import ValidationError

from appofapps.catalog.models.kinds import Child
from tests.components.catalogs import child
from tests.components.conftest import Deploy


def test_a_minimal_policy(deploy: Deploy) -> None:
    """It only warns; what cannot be evaluated passes; the cluster's own namespaces are never looked at."""
    engine = deploy(child("few", "policy"))
    policy, binding = (engine.named(f"few@eu-1/{each}").inputs for each in ("policy", "binding"))

    assert "namespace" not in policy["metadata"]
    assert policy["spec"] == {
        "failurePolicy": "Ignore",
        "matchConstraints": {
            "namespaceSelector": {
                "matchExpressions": [
                    {"key": "kubernetes.io/metadata.name", "operator": "NotIn",
                     "values": ["kube-node-lease", "kube-public", "kube-system"]},
                    {"key": "appofapps.dev/policy-bypass", "operator": "DoesNotExist"},
                ],
            },
            "resourceRules": [
                {"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"],
                 "resources": ["deployments"], "scope": "Namespaced"},
            ],
        },
        "matchConditions": [
            {"name": "not-of-the-cluster", "expression": '!request.namespace.startsWith("kube-")'},
            {"name": "not-leaving", "expression": '!(request.operation == "UPDATE" && has(object.metadata) '
             '&& has(object.metadata.deletionTimestamp))'},
            {"name": "no-clean-up", "expression": '!(request.userInfo.username in '
             '["system:serviceaccount:kube-system:generic-garbage-collector", '
             '"system:serviceaccount:kube-system:namespace-controller"])'},
            {"name": "no-emergency", "expression":
             '!(has(request.userInfo.groups) && "platform:break-glass" in request.userInfo.groups)'},
        ],
        "validations": [{"expression": "object.spec.replicas < 5", "message": "at most four replicas (few/few)"}],
    }  # fmt: skip
    assert binding["spec"] == {"policyName": "dev-few", "validationActions": ["Audit", "Warn"]}


def test_where_and_how_much(deploy: Deploy) -> None:
    """Namespaces by label, some left out; `deny` refuses; parameters lie beside, and missing ones refuse nothing."""
    spec = {
        "namespaces": {"appofapps.dev/team": ["shop", "web"]}, "excluded": ["ingress-nginx"], "mode": "deny",
        "parameters": {"most": "4"},
    }  # fmt: skip
    engine = deploy(child("few", "policy", spec=spec))
    policy, binding = (engine.named(f"few@eu-1/{each}").inputs["spec"] for each in ("policy", "binding"))
    chosen, excluded, _ = policy["matchConstraints"]["namespaceSelector"]["matchExpressions"]

    assert chosen == {"key": "appofapps.dev/team", "operator": "In", "values": ["shop", "web"]}
    assert "ingress-nginx" in excluded["values"]
    assert policy["paramKind"] == {"apiVersion": "v1", "kind": "ConfigMap"}
    assert binding["validationActions"] == ["Deny"]
    assert binding["paramRef"] == {"name": "dev-few", "namespace": "dev-few", "parameterNotFoundAction": "Allow"}
    assert engine.named("few@eu-1/parameters").inputs["data"] == {"most": "4"}


def test_it_is_bound_last(deploy: Deploy) -> None:
    """A rule counts when the API server has looked at it."""
    engine = deploy(child("few", "policy", spec={"parameters": {"most": "4"}}), child("web", needs=["few"]))

    assert engine.named("few@eu-1/binding").depends_on == {"few@eu-1/policy", "few@eu-1/parameters"}
    assert engine.named("few@eu-1/policy").timeouts["create"] == "120s"
    assert engine.named("web@eu-1/namespace").depends_on == {"few@eu-1/binding"}


def test_two_rules_of_one_name_are_refused() -> None:
    """The name is what a person looks for who was refused."""
    rule = {"name": "one", "expression": "true", "message": "m"}
    with pytest.raises(ValidationError, match="two rules are called one"):
        child("few", "policy", spec={"rules": [rule, rule]})


ROOM = {
    "mode": "deny", "pod_security": "restricted", "quota": {"pods": 3, "services.loadbalancers": 0},
    "network": {
        "allow_from": [
            {"namespaces": {"kubernetes.io/metadata.name": ["monitoring", "tracing"]}, "ports": [9090], "reason": "m"},
        ],
        "allow_to": [{"cidr": "10.1.0.0/16", "ports": [3128], "reason": "p"}, {"cidr": "10.2.0.0/16", "reason": "p"}],
    },
}  # fmt: skip
ADDED = {"cart@eu-1/quota-room", "cart@eu-1/network-policy-room"}


def room(**spec: object) -> Child:
    """Return a policy without rules of admission, over the namespace of `cart`."""
    chosen = {"namespaces": {"appofapps.dev/child": "cart"}, "resources": [], "rules": []}
    return child("room", "policy", spec={**chosen, **ROOM, **spec})


def test_what_is_added_to_a_namespace(deploy: Deploy) -> None:
    """A quota and a network policy beside the child's own, named after the policy, before any pod starts."""
    engine = deploy(child("cart"), child("web"), room())
    quota, network = (engine.named(name) for name in sorted(ADDED, reverse=True))

    assert {name for name in engine.names() if name.endswith("-room")} == ADDED
    for added in (quota, network):
        assert (added.inputs["metadata"]["name"], added.inputs["metadata"]["namespace"]) == ("dev-room", "dev-cart")
        assert added.depends_on == {"cart@eu-1/namespace"}
    assert quota.inputs["spec"] == {"hard": {"pods": "3", "services.loadbalancers": "0"}}
    assert network.inputs["spec"] == {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [
            {
                "from": [
                    {"namespaceSelector": {"matchExpressions": [
                        {"key": "kubernetes.io/metadata.name", "operator": "In", "values": ["monitoring", "tracing"]},
                    ]}},
                ],
                "ports": [{"port": 9090, "protocol": "TCP"}],
            },
        ],
        "egress": [
            {"to": [{"ipBlock": {"cidr": "10.1.0.0/16"}}], "ports": [{"port": 3128, "protocol": "TCP"}]},
            {"to": [{"ipBlock": {"cidr": "10.2.0.0/16"}}]},
        ],
    }  # fmt: skip
    assert engine.named("cart@eu-1/deployment").depends_on >= ADDED


def test_one_direction_leaves_the_other_alone(deploy: Deploy) -> None:
    """A network policy that lets in says nothing of the way out."""
    network = {"allow_from": ROOM["network"]["allow_from"]}  # type: ignore[index]
    spec = deploy(child("cart"), room(network=network)).named("cart@eu-1/network-policy-room").inputs["spec"]

    assert spec["policyTypes"] == ["Ingress"]
    assert "egress" not in spec


def test_an_audit_holds_nobody_up(deploy: Deploy) -> None:
    """Its quota is not made; what it opens is open."""
    names = deploy(child("cart"), room(mode="audit")).names()

    assert names & ADDED == {"cart@eu-1/network-policy-room"}


def test_where_nothing_is_closed_nothing_is_opened(deploy: Deploy) -> None:
    """Without a policy that closes a namespace, one that opens a way would close all others."""
    names = deploy(child("cart"), room(), guardrails="quota").names()

    assert names & ADDED == {"cart@eu-1/quota-room"}


def test_without_rules_the_parameters_stand_for_it(deploy: Deploy) -> None:
    """There is nothing to bind; what needs the policy waits for an empty ConfigMap that states the version."""
    engine = deploy(room(), child("web", needs=["room"]))

    assert not {"room@eu-1/policy", "room@eu-1/binding"} & engine.names()
    stated = engine.named("room@eu-1/parameters").inputs
    assert stated["metadata"]["labels"]["app.kubernetes.io/version"] == "1.0.0"
    assert "data" not in stated
    assert engine.named("web@eu-1/namespace").depends_on == {"room@eu-1/parameters"}


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"rules": [], "resources": []}, "asks for nothing"),
        ({"resources": []}, "give `resources` and `rules` together"),
        ({"rules": [], "resources": [], "quota": {"pods": 1}, "parameters": {"a": "b"}}, "parameters that no rule"),
        ({"quota": {"cpu": "4"}}, "quota"),
        ({"network": {}}, "allows nothing"),
        ({"network": {"allow_to": [{"reason": "x"}]}}, "exactly one of namespaces, cidr"),
        ({"network": {"allow_from": [{"namespaces": {}, "reason": "x"}]}}, "at least 1 item"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(spec: dict[str, object], message: str) -> None:
    """Half a policy, or one that would open everything by a slip."""
    with pytest.raises(ValidationError, match=message):
        child("few", "policy", spec=spec)
