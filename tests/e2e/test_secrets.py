"""A canary in the secrets that children refer to: it must be seen nowhere but where it lies."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.state import State
from tests.e2e.project import Project
from tests.e2e.small_catalog import function, workload

CANARY = "canary-5c1e0d7a94"


def test_no_secret_is_seen_anywhere(
    small: Callable[..., Project], aws: Callable[..., Any], sandbox: State, environment: Mapping[str, str]
) -> None:
    """No referred secret and none of our credentials is in state, outputs, logs, events or what is printed."""
    vault = aws("secretsmanager").create_secret(Name="t8-token", SecretString=CANARY)["ARN"]
    project = small(
        "t8",
        workload("shop", secrets=[{"variable": "PASSWORD", "secret_key": {"name": "database", "key": "password"}}]),
        function("mailer", secrets=[{"variable": "TOKEN_ARN", "secrets_manager": vault}]),
    )
    project.kubectl("eu-1", "create", "namespace", "t8-shop")
    project.kubectl(
        "eu-1", "create", "secret", "generic", "database", "-n", "t8-shop", f"--from-literal=password={CANARY}"
    )
    project.edit("catalog/apps/shop.yaml", lambda child: child.update(adopt=True))

    log = project.root / "up.events"
    project.pulumi("stack", "init", "t8")
    said = [
        project.aoa("plan", "--env", "t8", "--json"),
        project.pulumi("preview", "--stack", "t8", "--diff", "--json"),
        project.pulumi("up", "--stack", "t8", "--yes", "--skip-preview", "--debug", "--event-log", str(log)),
        project.aoa("up", "--stack", "t8", "--yes", "--refresh", "--json"),
        project.aoa("status", "--stack", "t8", "--json"),
        project.pulumi("stack", "export", "--stack", "t8", "--show-secrets"),
        project.pulumi("stack", "output", "--stack", "t8", "--json", "--show-secrets"),
    ]
    container = project.get("eu-1", "deployment", "t8-shop", "-n", "t8-shop")["spec"]["template"]["spec"]["containers"][
        0
    ]
    source = {"secretKeyRef": {"name": "database", "key": "password"}}
    assert {"name": "PASSWORD", "valueFrom": source} in container["env"]
    configuration = aws("lambda").get_function_configuration(FunctionName="t8-mailer")
    assert configuration["Environment"]["Variables"]["TOKEN_ARN"] == vault

    written = {str(file): file.read_bytes() for file in project.root.rglob("*") if file.is_file()}
    assert any("checkpoint" in file or "stacks" in file for file in written)
    everything = b"\n".join([*written.values(), *(done.text.encode() for done in said)])
    assert b"t8-mailer" in everything
    credentials = [environment["AWS_SECRET_ACCESS_KEY"], *(cluster.token for cluster in sandbox.clusters.values())]
    assert not [secret for secret in (CANARY, *credentials) for form in forms(secret) if form in everything]
    project.pulumi("destroy", "--stack", "t8", "--yes")
    aws("secretsmanager").delete_secret(SecretId=vault, ForceDeleteWithoutRecovery=True)


def forms(secret: str) -> tuple[bytes, bytes]:
    """Return a secret as it is, and as Kubernetes writes it."""
    return secret.encode(), base64.b64encode(secret.encode())
