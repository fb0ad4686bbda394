"""Quotas of namespaces."""

from typing import Annotated

from pydantic import Field

from appofapps.catalog.models.base import Model, Quantity

Counted = Annotated[
    str,
    Field(
        pattern=r"^(pods|requests\.(cpu|memory|storage)|persistentvolumeclaims|services(\.loadbalancers|\.nodeports)?"
        r"|count/[a-z0-9.-]+)$"
    ),
]
"""What Kubernetes can count in a namespace: https://kubernetes.io/docs/concepts/policy/resource-quotas/

`limits.cpu` is not among it: pods here have no such limit, and none of them would be let in."""


class Quota(Model):
    """The most a child's namespace may request."""

    cpu: Quantity = "8"
    memory: Quantity = "16Gi"
    pods: Annotated[int, Field(ge=1)] = 50

    @property
    def hard(self) -> dict[str, str]:
        """The same as Kubernetes calls it."""
        return {"requests.cpu": self.cpu, "requests.memory": self.memory, "pods": str(self.pods)}
