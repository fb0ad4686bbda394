"""Custom resource definitions of others, taken out of their pinned Go modules; nothing of theirs is kept here."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

import yaml

from sandbox.errors import SandboxError
from sandbox.toolchain.tools import Tool

FILE: Final = "definitions.json"

_GATEWAY: Final = "config/crd/experimental/gateway.networking.k8s.io"
_SNAPSHOTS: Final = "config/crd/snapshot.storage.k8s.io"
WANTED: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "sigs.k8s.io/gateway-api": {
        f"{_GATEWAY}_gateways.yaml": ("Gateway",),
        f"{_GATEWAY}_httproutes.yaml": ("HTTPRoute",),
        f"{_GATEWAY}_referencegrants.yaml": ("ReferenceGrant",),
    },
    "istio.io/api": {"kubernetes/customresourcedefinitions.gen.yaml": ("DestinationRule", "PeerAuthentication")},
    "github.com/argoproj/argo-cd/v3": {"manifests/crds/application-crd.yaml": ("Application",)},
    "github.com/fluxcd/kustomize-controller": {
        "config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml": ("Kustomization",),
    },
    "github.com/fluxcd/source-controller": {
        "config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml": ("GitRepository",),
    },
    "github.com/external-secrets/external-secrets": {
        "config/crds/bases/external-secrets.io_externalsecrets.yaml": ("ExternalSecret",),
    },
    "github.com/kubernetes-csi/external-snapshotter/client/v8": {
        f"{_SNAPSHOTS}_volumesnapshots.yaml": ("VolumeSnapshot",),
        f"{_SNAPSHOTS}_volumesnapshotcontents.yaml": ("VolumeSnapshotContent",),
        f"{_SNAPSHOTS}_volumesnapshotclasses.yaml": ("VolumeSnapshotClass",),
    },
}
"""The kinds we send, by module and file: every other one would only cost the API servers time."""


def extract(module: Path, out: Path) -> None:
    """Write the wanted definitions of the modules that `go.mod` pins into one file."""
    found = [document for name, archive in _archives(module) for document in _documents(archive, WANTED[name])]
    kinds = {document["spec"]["names"]["kind"] for document in found}
    missing = {kind for files in WANTED.values() for each in files.values() for kind in each} - kinds
    if missing:
        raise SandboxError(f"the pinned modules hold no definition of {', '.join(sorted(missing))}")
    (out / FILE).write_text(json.dumps(found))


def _archives(module: Path) -> Iterator[tuple[str, Path]]:
    """Give the modules' archives in Go's cache, downloaded if need be and verified by `go.sum`.

    They are read as archives: Go does not unpack a module that was written for a newer Go than itself.
    """
    pinned = [line.split()[:3] for line in (module / "go.sum").read_text().splitlines() if "/go.mod " not in line]
    command = ["go", "mod", "download", "-json", *(f"{path}@{version}" for path, version, _ in pinned)]
    local = {**os.environ, "GOTOOLCHAIN": "local"}  # no newer Go is fetched for what is not compiled
    done = subprocess.run(command, cwd=module, env=local, capture_output=True, text=True, check=False)
    answers = {answer["Path"]: answer for answer in _answers(done.stdout)}
    for path, version, digest in pinned:
        answer = answers.get(path, {"Error": done.stderr.strip()})
        if answer.get("Sum") != digest or "Zip" not in answer:
            raise SandboxError(f"{path}@{version} cannot be had: {answer.get('Error') or 'not what go.sum pins'}")
        yield path, Path(answer["Zip"])


def _answers(text: str) -> Iterator[dict[str, Any]]:
    """Split what Go prints: one JSON object after another."""
    decoder, text = json.JSONDecoder(), text.strip()
    while text:
        answer, end = decoder.raw_decode(text)
        yield answer
        text = text[end:].lstrip()


def _documents(archive: Path, files: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, Any]]:
    with ZipFile(archive) as opened:
        names = {name.partition("@")[2].partition("/")[2]: name for name in opened.namelist()}
        for file, kinds in files.items():
            for document in yaml.load_all(opened.read(names[file]), Loader=yaml.CSafeLoader):
                if document and document["spec"]["names"]["kind"] in kinds:
                    yield _slim(document)


def _slim(document: dict[str, Any]) -> dict[str, Any]:
    """Return a definition in the versions it serves, of which nothing is converted: that would need its webhook."""
    spec = {key: value for key, value in document["spec"].items() if key != "conversion"}
    spec["versions"] = [each for each in spec["versions"] if each["served"]]
    return {**{key: document[key] for key in ("apiVersion", "kind", "metadata")}, "spec": _silent(spec)}


def _silent(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a schema without its descriptions: two thirds of it, which every client of the cluster would read."""
    if isinstance(schema, list):
        return [_silent(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    said = isinstance(schema.get("description"), str)  # a field of that name is a schema itself
    return {key: _silent(value) for key, value in schema.items() if not (said and key == "description")}


DEFINITIONS: Final = Tool("definitions", {}, before=extract, takes=(repr(WANTED), "without descriptions"))
"""Built like a tool: once a user, keyed by what it is made from, whole or not at all."""
