"""Rules of admission; what the API server makes of them is in tests/e2e/test_policy.py."""

import pytest
from pydantic import ValidationError

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
