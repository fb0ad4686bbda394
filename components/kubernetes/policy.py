"""Rules of admission that the API server itself evaluates: no webhook, nothing that could be down.

https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
"""

from collections.abc import Mapping
from typing import Any, Final

from appofapps.catalog.models.base import Selector
from appofapps.catalog.models.policy import ADMISSION, Matched, Policy
from appofapps.plan import conventions as c
from appofapps.plan.plan import PlannedChild
from components.kubernetes.fields import given
from components.kubernetes.gate import gate, seen
from components.kubernetes.metadata import metadata, release_metadata
from components.kubernetes.selectors import expressions

SYSTEM: Final = ("kube-node-lease", "kube-public", "kube-system")
"""Never looked at: a rule that stops the cluster's own parts could not be taken back."""

CLEANERS: Final = ("generic-garbage-collector", "namespace-controller")
"""They carry out a deletion that was admitted already; refused, it would never end."""

_ACTIONS: Final = {"audit": ["Audit", "Warn"], "deny": ["Deny"]}


def parameters(planned: PlannedChild[Policy]) -> dict[str, Any]:
    """Return the values the expressions read; without any rules it stands for the policy, and states the version."""
    spec = planned.child.spec
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata(planned) if spec.rules else release_metadata(planned),
        **given(data=dict(spec.parameters)),
    }


def policy(planned: PlannedChild[Policy]) -> dict[str, Any]:
    """Return the rules. What cannot be evaluated passes, so that no mistake of ours locks the cluster out."""
    spec = planned.child.spec
    return {
        "apiVersion": ADMISSION,
        "kind": "ValidatingAdmissionPolicy",
        "metadata": _of_the_cluster(release_metadata(planned, annotations=gate(seen()))),
        "spec": {
            "failurePolicy": "Ignore",
            **({"paramKind": {"apiVersion": "v1", "kind": "ConfigMap"}} if spec.parameters else {}),
            "matchConstraints": {
                "namespaceSelector": {"matchExpressions": _namespaces(spec.namespaces, spec.excluded)},
                "resourceRules": [_matched(each, spec.operations) for each in spec.resources],
            },
            "matchConditions": _conditions(spec.bypass_group),
            "validations": [
                {"expression": rule.expression, "message": f"{rule.message} ({planned.child.name}/{rule.name})"}
                for rule in spec.rules
            ],
        },
    }


def binding(planned: PlannedChild[Policy]) -> dict[str, Any]:
    """Return what makes the rules count, and how much."""
    spec = planned.child.spec
    where = {"name": planned.name, "namespace": planned.name, "parameterNotFoundAction": "Allow"}
    return {
        "apiVersion": ADMISSION,
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": _of_the_cluster(metadata(planned)),
        "spec": {
            "policyName": planned.name,
            "validationActions": _ACTIONS[spec.mode],
            **({"paramRef": where} if spec.parameters else {}),
        },
    }


def _of_the_cluster(of_namespace: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in of_namespace.items() if key != "namespace"}


def _namespaces(wanted: Selector, excluded: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        *expressions(wanted),
        {"key": c.NAMESPACE, "operator": "NotIn", "values": [*SYSTEM, *excluded]},
        {"key": c.BYPASS, "operator": "DoesNotExist"},
    ]


def _matched(each: Matched, operations: tuple[str, ...]) -> dict[str, Any]:
    group, _, version = each.api.rpartition("/")
    return {
        "apiGroups": [group],
        "apiVersions": [version],
        "operations": list(operations),
        "resources": [each.plural],
        "scope": "Namespaced",
    }


def _conditions(group: str) -> list[dict[str, str]]:
    """Return who is looked at: nothing of the cluster itself, nothing on its way out, nobody with the emergency group.

    What is being deleted is updated once more for each of its finalizers, by whichever controller holds it.
    """
    cleaners = ", ".join(f'"system:serviceaccount:kube-system:{each}"' for each in CLEANERS)
    leaving = 'request.operation == "UPDATE" && has(object.metadata) && has(object.metadata.deletionTimestamp)'
    member = f'has(request.userInfo.groups) && "{group}" in request.userInfo.groups'
    return [
        {"name": "not-of-the-cluster", "expression": '!request.namespace.startsWith("kube-")'},
        {"name": "not-leaving", "expression": f"!({leaving})"},
        {"name": "no-clean-up", "expression": f"!(request.userInfo.username in [{cleaners}])"},
        {"name": "no-emergency", "expression": f"!({member})"},
    ]
