"""Workloads: the defaults of the smallest one, then each option."""

import json
from typing import Any

import pytest

from tests.components.catalogs import child, plan
from tests.components.conftest import Deploy
from tests.components.engine import Engine

IMAGE = child("cart").spec.image
PORTS = {"ports": [{"port": 8080}]}


def pod(engine: Engine, resource: str = "deployment") -> dict[str, Any]:
    """Return the pod spec of `cart`."""
    spec: dict[str, Any] = engine.named(f"cart@eu-1/{resource}").inputs["spec"]["template"]["spec"]
    return spec


def main(engine: Engine) -> dict[str, Any]:
    """Return the main container of `cart`."""
    container: dict[str, Any] = pod(engine)["containers"][0]
    return container


def test_the_smallest_workload_is_restricted(deploy: Deploy) -> None:
    """Every default of a pod, pinned: no token, no privilege, no writable root, memory limited."""
    assert pod(deploy(child("cart"))) == {
        "serviceAccountName": "dev-cart",
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 30,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65532,
            "fsGroup": 65532,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [
            {
                "name": "cart",
                "image": IMAGE,
                "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}},
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "capabilities": {"drop": ["ALL"]},
                    "readOnlyRootFilesystem": True,
                },
            }
        ],
    }


@pytest.mark.parametrize(
    ("profile", "keys"),
    [
        ({"replicas": 1}, []),
        ({"replicas": 2}, ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]),
        (
            {"autoscaling": {"minimum": 1, "maximum": 2}},
            ["topology.kubernetes.io/zone", "kubernetes.io/hostname"],
        ),
    ],
)
def test_equal_pods_are_spread(deploy: Deploy, profile: dict[str, Any], keys: list[str]) -> None:
    """Pods of the same child stay apart, by zone and by node, as far as there is room; one pod has no other."""
    found = pod(deploy(child("cart", profile=profile))).get("topologySpreadConstraints", [])

    assert [each["topologyKey"] for each in found] == keys
    assert all(each["whenUnsatisfiable"] == "ScheduleAnyway" and each["maxSkew"] == 1 for each in found)
    mine = {"app.kubernetes.io/name": "cart", "app.kubernetes.io/instance": "dev-cart"}
    assert all(each["labelSelector"] == {"matchLabels": mine} for each in found)


def test_the_smallest_workload_rolls_out_without_a_gap(deploy: Deploy) -> None:
    """A Deployment surges, keeps five revisions and gives up at the child's deadline, which is the await's, too."""
    deployment = deploy(child("cart", deadline=45)).named("cart@eu-1/deployment")
    spec = {key: deployment.inputs["spec"][key] for key in deployment.inputs["spec"] if key != "template"}

    assert spec == {
        "replicas": 1,
        "revisionHistoryLimit": 5,
        "progressDeadlineSeconds": 45,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}},
        "selector": {"matchLabels": {"app.kubernetes.io/name": "cart", "app.kubernetes.io/instance": "dev-cart"}},
    }
    assert deployment.timeouts == {"create": "45s", "update": "45s"}


def test_the_smallest_workload_has_nothing_it_does_not_need(deploy: Deploy) -> None:
    """No port means no Service; one replica means no disruption budget; no configuration means no ConfigMap."""
    own = {name for name in deploy(child("cart")).names() if name.startswith("cart@eu-1/")}

    assert own == {
        f"cart@eu-1/{resource}"
        for resource in (
            "namespace", "quota", "limits", "network-policy", "team-role", "team-binding",
            "service-account", "deployment",
        )
    }  # fmt: skip


def test_an_unguarded_environment_gives_namespace_and_quota_only(deploy: Deploy) -> None:
    """Guard rails are somebody else's there; the child itself is the same."""
    own = deploy(child("cart"), guardrails="quota").names()

    assert own == {"cart@eu-1/namespace", "cart@eu-1/quota", "cart@eu-1/deployment"}


def test_a_port_makes_a_service_that_is_not_awaited(deploy: Deploy) -> None:
    """The pods' readiness is the gate; awaiting a Service costs ten seconds and says no more."""
    service = deploy(child("cart", spec=PORTS)).named("cart@eu-1/service").inputs

    assert service["metadata"]["annotations"]["pulumi.com/skipAwait"] == "true"
    assert service["spec"]["type"] == "ClusterIP"
    assert service["spec"]["ports"] == [{"name": "http", "port": 8080, "targetPort": 8080, "protocol": "TCP"}]
    assert service["spec"]["selector"] == {"app.kubernetes.io/name": "cart", "app.kubernetes.io/instance": "dev-cart"}


def test_the_tier_says_what_differs_by_environment(deploy: Deploy) -> None:
    """Variables of the profile win over the spec's; the profile's host replaces the ingress's."""
    spec = {**PORTS, "environment": {"LOG_LEVEL": "info", "REGION": "eu"}, "ingress": {"host": "shop.example.com"}}
    tier = {"environment": {"LOG_LEVEL": "debug"}, "ingress_host": "shop.dev.example.com"}
    engine = deploy(child("cart", spec=spec, profile=tier))

    assert main(engine)["env"] == [{"name": "LOG_LEVEL", "value": "debug"}, {"name": "REGION", "value": "eu"}]
    assert engine.named("cart@eu-1/ingress").inputs["spec"]["rules"][0]["host"] == "shop.dev.example.com"


def test_an_autoscaler_owns_the_replicas(deploy: Deploy) -> None:
    """Under an autoscaler the Deployment begins with the minimum; what becomes of it, test_drift.py sees."""
    engine = deploy(child("cart", profile={"autoscaling": {"minimum": 2, "maximum": 5}}))

    assert engine.named("cart@eu-1/deployment").inputs["spec"]["replicas"] == 2
    scaler = engine.named("cart@eu-1/autoscaler").inputs["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 5)
    assert scaler["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "dev-cart"}
    assert "cart@eu-1/disruption-budget" in engine.names()


def test_two_replicas_are_drained_one_at_a_time(deploy: Deploy) -> None:
    """A disruption budget stands wherever more than one pod always runs."""
    budget = deploy(child("cart", profile={"replicas": 2})).named("cart@eu-1/disruption-budget")

    assert budget.inputs["spec"]["maxUnavailable"] == 1


def test_configuration_names_its_map_by_content(deploy: Deploy) -> None:
    """Other content is another immutable ConfigMap, so pods restart exactly then; the logical name stays."""
    one, other = (deploy(child("cart", spec={"config": {"LEVEL": level}})) for level in ("info", "debug"))
    names = [engine.named("cart@eu-1/config").inputs["metadata"]["name"] for engine in (one, other)]

    assert names[0] != names[1]
    assert one.named("cart@eu-1/config").inputs["immutable"] is True
    assert main(one)["envFrom"] == [{"configMapRef": {"name": names[0]}}]


def test_configuration_can_be_files(deploy: Deploy) -> None:
    """A `config` volume mounts the map, and its keys are no variables then."""
    spec = {
        "config": {"app.ini": "a=1"},
        "volumes": [{"name": "settings", "config": True}],
        "mounts": [{"volume": "settings", "path": "/etc/app", "read_only": True}],
    }
    engine = deploy(child("cart", spec=spec))
    name = engine.named("cart@eu-1/config").inputs["metadata"]["name"]

    assert pod(engine)["volumes"] == [{"name": "settings", "configMap": {"name": name}}]
    assert main(engine)["volumeMounts"] == [{"name": "settings", "mountPath": "/etc/app", "readOnly": True}]
    assert "envFrom" not in main(engine)


def test_secrets_are_references(deploy: Deploy) -> None:
    """A key of a Secret, a copied external secret, and an ARN with the right to read it; never a value."""
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:cart-AbCdEf"
    secrets = [
        {"variable": "KEY", "secret_key": {"name": "cart-secret", "key": "password"}},
        {"variable": "COPY", "external_secret": {"store": "vault", "key": "cart/copy", "property": "value"}},
        {"variable": "REMOTE", "secrets_manager": arn},
    ]
    engine = deploy(child("cart", secrets=secrets))

    assert main(engine)["env"] == [
        {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "cart-secret", "key": "password"}}},
        {"name": "COPY", "valueFrom": {"secretKeyRef": {"name": "dev-cart-vault", "key": "COPY"}}},
        {"name": "REMOTE", "value": arn},
    ]
    order = engine.named("cart@eu-1/secrets-vault").inputs["spec"]
    assert order["data"] == [{"secretKey": "COPY", "remoteRef": {"key": "cart/copy", "property": "value"}}]
    assert arn in engine.named("cart@eu-1/role-policy").inputs["policy"]


def test_probes_ask_the_first_port(deploy: Deploy) -> None:
    """A probe without a port means the first one."""
    engine = deploy(child("cart", spec={**PORTS, "readiness": {"http": "/ready"}, "liveness": {"tcp": True}}))

    assert main(engine)["readinessProbe"] == {
        "httpGet": {"path": "/ready", "port": 8080},
        "periodSeconds": 10,
        "timeoutSeconds": 1,
        "failureThreshold": 3,
    }
    assert main(engine)["livenessProbe"]["tcpSocket"] == {"port": 8080}


def test_sidecars_start_first_and_stay(deploy: Deploy) -> None:
    """A sidecar is an init container that goes on running, ahead of the init containers that may use it."""
    box = {"image": IMAGE}
    spec = {"sidecars": [{"name": "proxy", **box}], "init_containers": [{"name": "wait", **box}]}
    boxes = pod(deploy(child("cart", spec=spec)))["initContainers"]

    assert [(each["name"], each.get("restartPolicy")) for each in boxes] == [("proxy", "Always"), ("wait", None)]
    assert all(each["securityContext"]["capabilities"] == {"drop": ["ALL"]} for each in boxes)


def test_an_ingress_leads_to_the_first_port(deploy: Deploy) -> None:
    """The ingress is not awaited, and the ingress controller is let in."""
    ingress = {"host": "cart.example.org", "tls_secret": "cart-tls"}
    engine = deploy(child("cart", spec={**PORTS, "ingress": ingress}))
    rule = engine.named("cart@eu-1/ingress").inputs

    assert rule["metadata"]["annotations"]["pulumi.com/skipAwait"] == "true"
    assert rule["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]["port"] == {"number": 8080}
    assert rule["spec"]["tls"] == [{"hosts": ["cart.example.org"], "secretName": "cart-tls"}]
    sources = engine.named("cart@eu-1/network-policy").inputs["spec"]["ingress"]
    assert "ingress-nginx" in str(sources)


def test_a_stateful_set_has_names_and_volumes_of_its_own(deploy: Deploy) -> None:
    """A headless Service, a claim a replica, labels on claims that never change, and traffic among the replicas."""
    claims = {"claims": [{"name": "data", "size": "1Gi"}], "mounts": [{"volume": "data", "path": "/data"}]}
    engine = deploy(child("cart", spec={"controller": "StatefulSet", **PORTS, **claims}))
    stateful = engine.named("cart@eu-1/statefulset").inputs["spec"]

    assert stateful["serviceName"] == "dev-cart"
    assert stateful["podManagementPolicy"] == "Parallel"
    assert engine.named("cart@eu-1/service").inputs["spec"]["clusterIP"] == "None"
    assert stateful["volumeClaimTemplates"] == [
        {
            "metadata": {"name": "data", "labels": stateful["selector"]["matchLabels"]},
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
        }
    ]
    waited = json.loads(engine.named("cart@eu-1/statefulset").inputs["metadata"]["annotations"]["pulumi.com/waitFor"])
    assert waited == ["jsonpath={.status.updatedReplicas}=1", "jsonpath={.status.readyReplicas}=1"]
    policy = engine.named("cart@eu-1/network-policy").inputs["spec"]
    assert policy["ingress"] == [{"from": [{"podSelector": {}}]}]


def test_a_daemon_set_has_no_replicas(deploy: Deploy) -> None:
    """One pod a node: nothing scales it, and a host port needs a namespace that allows it."""
    spec = {"controller": "DaemonSet", "ports": [{"port": 9000, "host_port": 9000}]}
    engine = deploy(child("cart", spec=spec, profile={"replicas": 3}))

    assert "replicas" not in engine.named("cart@eu-1/daemonset").inputs["spec"]
    assert "cart@eu-1/disruption-budget" not in engine.names()
    labels = engine.named("cart@eu-1/namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "privileged"


def test_a_cloud_identity_is_one_service_accounts(deploy: Deploy) -> None:
    """The role trusts this service account of this cluster alone, and may do what is declared, by ARN."""
    identity = [{"actions": ["sqs:SendMessage"], "resources": ["queue:orders"]}]
    claims = child("packer", "function", spec={"triggers": {"queue": {"name": "orders"}}})
    engine = deploy(child("cart", cloud_identity=identity), claims)
    role = engine.named("cart@eu-1/role").inputs

    annotations = engine.named("cart@eu-1/service-account").inputs["metadata"]["annotations"]
    assert annotations["eks.amazonaws.com/role-arn"] == f"arn:aws:iam::123456789012:role/{role['name']}"
    assert '"oidc.example/eu-1:sub": "system:serviceaccount:dev-cart:dev-cart"' in role["assumeRolePolicy"]
    policy = engine.named("cart@eu-1/role-policy").inputs["policy"]
    assert "arn:aws:sqs:eu-west-1:123456789012:dev-orders" in policy


@pytest.mark.parametrize(("writable", "read_only"), [(False, True), (True, False)])
def test_a_writable_root_is_asked_for(deploy: Deploy, writable: bool, read_only: bool) -> None:
    """The root file system is read-only unless the child says otherwise."""
    engine = deploy(child("cart", spec={"writable_root": writable}))

    assert main(engine)["securityContext"]["readOnlyRootFilesystem"] is read_only


def test_a_patch_has_the_last_word(deploy: Deploy) -> None:
    """A patch of one resource is merged over it and touches no other."""
    merge = {"spec": {"template": {"spec": {"priorityClassName": "high"}}}}
    engine = deploy(child("cart", patches=[{"resource": "deployment", "merge": merge}]))

    assert pod(engine)["priorityClassName"] == "high"
    assert pod(engine)["serviceAccountName"] == "dev-cart"


def test_documents_are_plain_data() -> None:
    """No document holds an Output: everything is known before the engine runs."""
    from components.kubernetes.controllers import deployment  # noqa: PLC0415 - the one document looked at

    planned = plan(child("cart", spec=PORTS)).children[0]

    def leaves(value: Any) -> list[Any]:
        if isinstance(value, dict):
            return [leaf for each in value.values() for leaf in leaves(each)]
        return [leaf for each in value for leaf in leaves(each)] if isinstance(value, list) else [value]

    assert {type(leaf) for leaf in leaves(deployment(planned))} <= {str, int, bool}
