"""A plain Pulumi program, at default settings: five resources a child, the way a tutorial writes them.

It is no part of the benchmark's process: the side `plain` copies it into a project of its own as `__main__.py`.
"""

import json
from pathlib import Path
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

TYPES: dict[str, Any] = {
    "ResourceQuota": kubernetes.core.v1.ResourceQuota,
    "ConfigMap": kubernetes.core.v1.ConfigMap,
    "Deployment": kubernetes.apps.v1.Deployment,
    "Service": kubernetes.core.v1.Service,
}


def create(child: list[dict[str, Any]], options: pulumi.ResourceOptions) -> None:
    """Create one child: its namespace, and the rest in it."""
    first, *rest = child
    namespace = kubernetes.core.v1.Namespace(first["metadata"]["name"], metadata=first["metadata"], opts=options)
    for document in rest:
        name = f"{first['metadata']['name']}-{document['kind'].lower()}"
        fields = {key: value for key, value in document.items() if key not in {"apiVersion", "kind", "metadata"}}
        metadata = {**document["metadata"], "namespace": namespace.metadata["name"]}
        TYPES[document["kind"]](name, metadata=metadata, opts=options, **fields)


project = Path(__file__).parent
provider = kubernetes.Provider("bench", context="bench")
for documents in json.loads((project / "children.json").read_text()):
    create(documents, pulumi.ResourceOptions(provider=provider))
