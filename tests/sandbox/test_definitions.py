"""Custom resource definitions of others: the pinned ones, whole, or none."""

import json
import os
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml

from sandbox.errors import SandboxError
from sandbox.toolchain.definitions import DEFINITIONS, FILE, WANTED, extract

NEWER = "requires go >= 1.99.0"
"""What Go says of a module it downloads and verifies, but does not unpack."""


def definition(kind: str) -> dict[str, Any]:
    """Return a definition with a version that is served and one that is not."""
    versions = [{"name": "v1", "served": True}, {"name": "v1alpha1", "served": False}]
    spec = {"names": {"kind": kind}, "versions": versions, "conversion": {"strategy": "Webhook"}}
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {}, "spec": spec}


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a module folder that pins every wanted module, and a `go` that has them."""
    answers = []
    for number, (path, files) in enumerate(WANTED.items()):
        archive = tmp_path / f"{number}.zip"
        with ZipFile(archive, "w") as out:
            for file, kinds in files.items():
                documents = [definition(kind) for kind in (*kinds, "Unwanted")]
                out.writestr(f"{path}@v1.0.0/{file}", yaml.safe_dump_all(documents))
        answers.append({"Path": path, "Zip": str(archive), "Sum": f"h1:{number}", "Error": NEWER})
    go = tmp_path / "bin/go"
    go.parent.mkdir()
    text = "\n".join(map(json.dumps, answers))
    go.write_text(f"#!/bin/sh\ncat <<'END'\n{text}\nEND\nexit 1\n")
    go.chmod(0o755)
    monkeypatch.setenv("PATH", f"{go.parent}{os.pathsep}{os.environ['PATH']}")
    sums = [f"{path} v1.0.0 h1:{number}\n{path} v1.0.0/go.mod h1:x\n" for number, path in enumerate(WANTED)]
    (tmp_path / "go.sum").write_text("".join(sums))
    return tmp_path


def test_the_wanted_kinds_are_taken_out(module: Path) -> None:
    """Each once, in the versions it serves, without the webhook of a controller that is not there."""
    extract(module, module)

    found = json.loads((module / FILE).read_text())
    wanted = [kind for files in WANTED.values() for kinds in files.values() for kind in kinds]
    assert [each["spec"]["names"]["kind"] for each in found] == wanted
    assert all([version["name"] for version in each["spec"]["versions"]] == ["v1"] for each in found)
    assert not any("conversion" in each["spec"] for each in found)


def test_what_go_sum_does_not_pin_is_refused(module: Path) -> None:
    """Another content under the same version is not used, whatever Go says of it."""
    file = module / "go.sum"
    file.write_text(file.read_text().replace("h1:2\n", "h1:other\n"))

    with pytest.raises(SandboxError, match=r"argo-cd/v3@v1.0.0 cannot be had"):
        extract(module, module)


def test_every_module_we_take_from_is_pinned() -> None:
    """`go.mod` and `go.sum` name the modules we take from, and no others."""
    pinned = {line.split()[0] for line in (DEFINITIONS.source / "go.sum").read_text().splitlines()}

    assert pinned == set(WANTED)
    assert all(path in (DEFINITIONS.source / "go.mod").read_text() for path in pinned)
