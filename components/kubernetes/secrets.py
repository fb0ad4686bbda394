"""Secrets by reference: what a child reads them by. No value passes through here."""

from typing import Any

from appofapps.catalog.models.child import ChildFile
from appofapps.catalog.models.secret import EXTERNAL_SECRETS, SecretReference
from appofapps.plan.naming import physical_name
from appofapps.plan.plan import PlannedChild
from components.kubernetes.fields import given
from components.kubernetes.metadata import metadata


def stores(planned: PlannedChild[ChildFile]) -> tuple[str, ...]:
    """Return the stores the child takes external secrets from."""
    return tuple(sorted({secret.external_secret.store for secret in planned.child.secrets if secret.external_secret}))


def external_secret(planned: PlannedChild[ChildFile], store: str) -> dict[str, Any]:
    """Return the order to the External Secrets operator: copy the child's secrets of one store into its namespace.

    https://external-secrets.io/latest/api/externalsecret/
    """
    name = secret_name(planned.name, store)
    return {
        "apiVersion": EXTERNAL_SECRETS,
        "kind": "ExternalSecret",
        "metadata": metadata(planned, name),
        "spec": {
            "secretStoreRef": {"kind": "ClusterSecretStore", "name": store},
            "target": {"name": name},
            "data": [_copied(secret) for secret in planned.child.secrets if _store(secret) == store],
        },
    }


def variable(name: str, secret: SecretReference) -> dict[str, Any]:
    """Return the environment variable a child reads a secret by; for an ARN its value is the ARN."""
    if secret.arn:
        return {"name": secret.variable, "value": secret.arn}
    if secret.secret_key:
        source = {"name": secret.secret_key.name, "key": secret.secret_key.key}
    else:
        source = {"name": secret_name(name, _store(secret)), "key": secret.variable}
    return {"name": secret.variable, "valueFrom": {"secretKeyRef": source}}


def secret_name(name: str, store: str) -> str:
    """Return the name of the Secret that holds what comes from one store."""
    return physical_name(name, store)


def _store(secret: SecretReference) -> str:
    return secret.external_secret.store if secret.external_secret else ""


def _copied(secret: SecretReference) -> dict[str, Any]:
    assert secret.external_secret
    source = secret.external_secret
    return {"secretKey": secret.variable, "remoteRef": given(key=source.key, property=source.property)}
