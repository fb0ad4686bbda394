"""Secrets, by reference."""

from typing import Final

from pydantic import model_validator

from appofapps.catalog.models.base import Arn, EnvironmentVariable, Model, Name

EXTERNAL_SECRETS: Final = "external-secrets.io/v1"
"""The API of the External Secrets operator."""


class SecretKey(Model):
    """A key of a Kubernetes Secret in the child's namespace."""

    name: Name
    key: str


class ExternalSecret(Model):
    """A value the External Secrets operator copies into the child's namespace."""

    store: Name
    key: str
    property: str | None = None


class SecretReference(Model):
    """A secret by reference: the value never passes through the catalog, the state or the logs."""

    variable: EnvironmentVariable
    """The environment variable the child reads. For an ARN it holds the ARN, which the child resolves itself."""
    secret_key: SecretKey | None = None
    external_secret: ExternalSecret | None = None
    secrets_manager: Arn | None = None
    ssm: Arn | None = None

    @model_validator(mode="after")
    def _one_source(self) -> "SecretReference":
        given = [self.secret_key, self.external_secret, self.secrets_manager, self.ssm]
        if sum(source is not None for source in given) != 1:
            msg = "give exactly one of secret_key, external_secret, secrets_manager, ssm"
            raise ValueError(msg)
        return self

    @property
    def arn(self) -> str | None:
        """The ARN, where the secret lives in AWS."""
        return self.secrets_manager or self.ssm
