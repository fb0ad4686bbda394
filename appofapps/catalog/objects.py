"""Kubernetes objects that somebody wrote: read from a folder of YAML, and what is refused of them.

The same rules hold for what a chart or an overlay renders; those are held against it while the engine runs.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from appofapps.catalog.document import parse_all, read_text
from appofapps.catalog.leaks import leaks
from appofapps.catalog.locate import line_within
from appofapps.catalog.problems import CatalogError, Problem, Step

Document = Mapping[str, Any]

# Kinds of the Kubernetes API that are in no namespace: `kubectl api-resources --namespaced=false`.
CLUSTER_SCOPED: Final = frozenset({
    "APIService", "CSIDriver", "CSINode", "CertificateSigningRequest", "ClusterRole", "ClusterRoleBinding",
    "ClusterTrustBundle", "ComponentStatus", "CustomResourceDefinition", "DeviceClass", "FlowSchema", "IPAddress",
    "IngressClass", "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "MutatingWebhookConfiguration",
    "Namespace", "Node", "PersistentVolume", "PriorityClass", "PriorityLevelConfiguration", "ResourceSlice",
    "RuntimeClass", "ServiceCIDR", "StorageClass", "StorageVersionMigration", "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration", "VolumeAttachment", "VolumeAttributesClass",
})  # fmt: skip
_DEFINITION: Final = "CustomResourceDefinition"
_NAME = re.compile(r"^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$")


@dataclass(frozen=True, slots=True)
class Written:
    """One document of a file."""

    file: Path
    index: int
    """Which document of the file it is."""
    document: Document

    @property
    def type(self) -> str:
        """Its type: `apps/v1:Deployment`."""
        return f"{self.document['apiVersion']}:{self.document['kind']}"

    def problem(self, path: tuple[Step, ...], message: str, hint: str = "") -> Problem:
        """Return a problem at a place within the document."""
        return Problem(self.file, path, message, hint, line_within(self.file, self.index, path))


def read_objects(folder: Path) -> tuple[Written, ...]:
    """Return the objects in the YAML files of a folder, by file. Raises CatalogError with every file that is none."""
    found: list[Written] = []
    problems: list[Problem] = []
    for file in sorted((*folder.rglob("*.yaml"), *folder.rglob("*.yml"))):
        try:
            found += read_file(file)
        except CatalogError as error:
            problems += error.problems
    if problems:
        raise CatalogError(problems)
    return tuple(found)


def read_file(file: Path) -> Iterator[Written]:
    """Yield the objects of one file; empty documents are none. Raises CatalogError."""
    for index, document in enumerate(parse_all(file, read_text(file))):
        if document is None:
            continue
        if not isinstance(document, Mapping):
            line = line_within(file, index, ())
            raise CatalogError([Problem(file, (), "holds something that is no Kubernetes object", line=line)])
        yield Written(file, index, document)


def resource(document: Document) -> str:
    """Return the name by which a child knows an object, and patches address it: `deployment/web`."""
    return f"{document['kind'].lower()}/{document['metadata']['name']}"


def cluster_kinds(documents: Iterable[Document]) -> frozenset[str]:
    """Return the kinds that are in no namespace: those of Kubernetes, and those that these documents define."""
    defined = (each.get("spec") or {} for each in documents if each.get("kind") == _DEFINITION)
    own = {spec.get("names", {}).get("kind", "") for spec in defined if spec.get("scope") == "Cluster"}
    return CLUSTER_SCOPED | own


def problems(written: Iterable[Written], allowed: Collection[str]) -> Iterator[Problem]:
    """Yield what is refused of objects from files; `allowed` are the cluster-wide kinds that the child may have."""
    known = tuple(written)
    shapeless = {id(each): found for each in known if (found := tuple(_shape(each)))}
    for found in shapeless.values():
        yield from found
    sound = [each for each in known if id(each) not in shapeless]
    wide = cluster_kinds(each.document for each in sound)
    taken: dict[tuple[str, str], Written] = {}
    for each in sound:
        yield from _refused(each, wide, allowed)
        first = taken.setdefault((each.document["apiVersion"], resource(each.document)), each)
        if first is not each:
            message = f"{resource(each.document)} is there twice, first in {first.file.name}"
            yield each.problem(("metadata", "name"), message, "rename or remove one")
    for each in known:
        yield from _leaks(each)


def _shape(written: Written) -> Iterator[Problem]:
    """Refuse what is no object: no type, or no name of its own."""
    document = written.document
    for key in ("apiVersion", "kind"):
        if not isinstance(document.get(key), str):
            yield written.problem((key,), f"{key}: missing: not a Kubernetes object", f"add `{key}:`")
    metadata = document.get("metadata")
    name = metadata.get("name") if isinstance(metadata, Mapping) else None
    if str(document.get("kind", "")).endswith("List"):
        yield written.problem(("kind",), f"{document['kind']}: a list", "write its items as documents of their own")
    elif not isinstance(name, str) or not _NAME.match(name):
        yield written.problem(("metadata", "name"), "metadata.name: an object needs a name of its own", "add `name:`")


def _refused(written: Written, wide: Collection[str], allowed: Collection[str]) -> Iterator[Problem]:
    document = written.document
    kind = document["kind"]
    if kind in wide and kind not in allowed:
        yield written.problem(("kind",), f"{resource(document)} {CLUSTER_WIDE}", permission(kind))
    if "namespace" in document["metadata"]:
        message = f"{resource(document)}: metadata.namespace: the child's own is set, in every environment another"
        yield written.problem(("metadata", "namespace"), message, "remove it")
    if has_secret(document):
        field = "data" if "data" in document else "stringData"
        yield written.problem((field,), f"{resource(document)} {CLEAR_TEXT}", REFERENCE)


CLUSTER_WIDE: Final = "is an object of the whole cluster, which this child may not have"
CLEAR_TEXT: Final = "holds a secret in clear text"
REFERENCE: Final = "keep the value in a secret store and copy it in with an ExternalSecret"


def permission(kind: str) -> str:
    """Return what to type so that a child may have a kind of the whole cluster."""
    return f"if that is meant, write `cluster_scoped: [{kind}]` under `spec`"


def has_secret(document: Document) -> bool:
    """Tell whether an object carries secret values."""
    return document["kind"] == "Secret" and not document.keys().isdisjoint(("data", "stringData"))


def _leaks(written: Written) -> Iterator[Problem]:
    """Yield what looks like a secret in the values of an object that is no Secret."""
    if written.document.get("kind") == "Secret":
        return
    for found in leaks(written.file, str(written.document), written.document):
        yield written.problem(found.path, found.message, found.hint)


def images(value: object, path: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Yield the images that an object's containers run, with the path to each."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in ("containers", "initContainers") and isinstance(inner, list):
                for index, box in enumerate(inner):
                    if isinstance(box, Mapping) and isinstance(box.get("image"), str):
                        yield (*path, key, index, "image"), box["image"]
            else:
                yield from images(inner, (*path, key))


def unpinned(image: str, *, by_digest: bool) -> str:
    """Return why an image is not pinned; empty when it is. Where `by_digest`, a tag is not enough."""
    if "@" in image:
        return ""
    tag = image.rpartition("/")[2].partition(":")[2]
    if tag in ("", "latest"):
        return f"image {image!r} has " + ("a floating tag" if tag else "neither tag nor digest")
    return f"image {image!r} has no digest" if by_digest else ""
