"""What all kinds share whose Kubernetes objects somebody else wrote: plain YAML, overlays, charts."""

import re
from typing import ClassVar, Final, Literal

from pydantic import Field

from appofapps.catalog.models.base import Model
from appofapps.catalog.models.child import TENANCY_RESOURCES, ChildFile, ObjectType
from appofapps.catalog.models.pod import PortNumber

RECORD: Final = "record"
CONTROLLERS: Final = (
    ObjectType("apps/v1", "deployments", "Deployment"),
    ObjectType("apps/v1", "statefulsets", "StatefulSet"),
    ObjectType("apps/v1", "daemonsets", "DaemonSet"),
    ObjectType("batch/v1", "jobs", "Job"),
)
"""The types that say of themselves whether they are ready."""

_OBJECT = re.compile(r"^[a-z0-9]+/[a-z0-9][-a-z0-9.:]*$")


class OpenPort(Model):
    """A port of the child's pods that others may call."""

    port: PortNumber
    protocol: Literal["TCP", "UDP"] = "TCP"


class ObjectsSpec(Model):
    """What the catalog has to know of objects that it does not write."""

    ports: tuple[OpenPort, ...] = ()
    """The ports of its pods that children which need this one may call; no others are open to them."""
    cluster_scoped: tuple[str, ...] = Field(default=(), examples=[["CustomResourceDefinition", "ClusterRole"]])
    """The kinds of objects of the whole cluster that it may have; any other is refused."""


class ObjectsChild(ChildFile):
    """A child made of Kubernetes objects that others wrote.

    It is ready when its record is there, which is written last and states the version, and every controller and job
    in its namespace is ready.
    """

    RESOURCES: ClassVar[frozenset[str]] = TENANCY_RESOURCES | {RECORD}

    spec: ObjectsSpec

    @property
    def main_resource(self) -> str:
        """Its record."""
        return RECORD

    @property
    def credentials(self) -> tuple[str, ...]:
        """Whatever is among the objects."""
        return (*super().credentials, "objects that others wrote, which may hold secrets")

    @property
    def cluster_scoped(self) -> tuple[str, ...]:
        """Those that its file allows."""
        return self.spec.cluster_scoped

    @property
    def may_have_volumes(self) -> bool:
        """Which of them claim volumes, operators of theirs included, shows in the cluster."""
        return True

    @property
    def singular(self) -> tuple[str, ...]:
        """Objects of the whole cluster, which keep their names."""
        return tuple(f"{kind} objects of the whole cluster" for kind in self.cluster_scoped)

    def runs_pods(self, resource: str) -> bool:
        """Tell whether it is one of the objects: which of them run pods shows later."""
        return bool(resource) and resource not in self.RESOURCES

    @property
    def main_object(self) -> ObjectType:
        """Its record."""
        return ObjectType("v1", "configmaps", "ConfigMap")

    @property
    def other_objects(self) -> tuple[ObjectType, ...]:
        """Its controllers and jobs."""
        return CONTROLLERS

    @property
    def brings_definitions(self) -> bool:
        """Only with the permission to."""
        return "CustomResourceDefinition" in self.spec.cluster_scoped

    @property
    def labels_pods(self) -> bool:
        """Those of its controllers are labelled."""
        return True

    @property
    def talks_to_itself(self) -> bool:
        """Who calls whom among its pods, only those who wrote it know."""
        return True

    def may_have(self, resource: str) -> bool:
        """Tell whether a name is of the form `deployment/web`; which objects there are shows later."""
        return super().may_have(resource) or bool(_OBJECT.match(resource))

    @property
    def open_ports(self) -> tuple[tuple[int, str], ...]:
        """The ports that its file opens."""
        return tuple((each.port, each.protocol) for each in self.spec.ports)
