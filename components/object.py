"""One Kubernetes object as a resource."""

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_kubernetes import _utilities

Document = Mapping[str, Any]


class Object(pulumi.CustomResource):
    """Any Kubernetes object, of its document, whose fields go as they are written.

    The SDK has a typed class for each kind. Those cannot take every document, their modules cost a program half a
    second, and each writes the API versions that its kind once had into the state (`make bench`).
    """

    def __init__(self, name: str, document: Document, opts: pulumi.ResourceOptions) -> None:
        super().__init__(type_token(document), name, dict(document), of_this_version(opts))


def of_this_version(options: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """Return options that name the provider's version, as those of the SDK's own classes do."""
    return pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(version=provider_version()))


def provider_version() -> str:
    """Return the version of the provider that the SDK is of."""
    version: str = _utilities.get_version()  # type: ignore[no-untyped-call]
    return version


def type_token(document: Document) -> str:
    """Return the engine's name for the type of an object: `kubernetes:apps/v1:Deployment`."""
    api = document["apiVersion"]
    return f"kubernetes:{api if '/' in api else f'core/{api}'}:{document['kind']}"
