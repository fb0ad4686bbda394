"""What a policy asks of the namespaces it chooses, beside what it says at admission."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from appofapps.catalog.models.base import Cidr, Model, Quantity, Selector
from appofapps.catalog.models.pod import PortNumber
from appofapps.catalog.models.quota import Counted

NamespaceName = Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
Mode = Literal["audit", "deny"]
Level = Literal["baseline", "restricted"]


class Traffic(Model):
    """Traffic that is let through, with one other end: namespaces of the same cluster, or addresses."""

    namespaces: Annotated[Selector, Field(min_length=1)] | None = None
    """By their labels; `kubernetes.io/metadata.name: monitoring` is a single one."""
    cidr: Cidr | None = None
    """Addresses. Kubernetes knows no host names here: give those of the proxy."""
    ports: tuple[PortNumber, ...] = ()
    """Empty is every port."""
    protocol: Literal["TCP", "UDP"] = "TCP"
    """Of those ports."""
    reason: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if (self.namespaces is None) == (self.cidr is None):
            msg = "give exactly one of namespaces, cidr"
            raise ValueError(msg)
        return self


class Network(Model):
    """Traffic let through for all pods of a namespace, beside what `needs` and the children's own files open."""

    allow_from: tuple[Traffic, ...] = ()
    """Who may call every port, or these, of the pods."""
    allow_to: tuple[Traffic, ...] = ()
    """Whom the pods may call."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.allow_from or self.allow_to):
            msg = "allows nothing; add `allow_from:` or `allow_to:`"
            raise ValueError(msg)
        return self


class NamespaceRules(Model):
    """Which namespaces, and what of them."""

    mode: Mode = "audit"
    """`audit` lets everything pass and says what would not; `deny` refuses. What `network` opens is open in both."""
    namespaces: Selector
    """By their labels; an empty selector is every namespace that is not excluded."""
    excluded: tuple[NamespaceName, ...] = ()
    """Namespaces never looked at, beside those of the cluster itself (`kube-…`)."""
    pod_security: Level | None = None
    """The least that namespaces have to enforce: no child may go below it, by a port of its node or by a patch."""
    quota: Annotated[dict[Counted, Quantity], Field(min_length=1)] | None = None
    """Counts beside a namespace's own quota: whichever is the smaller."""
    network: Network | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked of any namespace."""
        return self.pod_security is None and self.quota is None and self.network is None
