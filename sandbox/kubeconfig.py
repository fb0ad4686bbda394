"""The kubeconfig document: one context a cluster, named like it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach one cluster as its administrator."""

    name: str
    url: str
    certificate: Path
    token: str


def document(accesses: Sequence[Access]) -> dict[str, object]:
    """Compose the kubeconfig; the first cluster is the current context."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {"name": a.name, "cluster": {"server": a.url, "certificate-authority": str(a.certificate)}}
            for a in accesses
        ],
        "users": [{"name": f"{a.name}-admin", "user": {"token": a.token}} for a in accesses],
        "contexts": [{"name": a.name, "context": {"cluster": a.name, "user": f"{a.name}-admin"}} for a in accesses],
        "current-context": accesses[0].name if accesses else "",
    }
