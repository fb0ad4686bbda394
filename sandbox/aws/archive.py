"""The zip of a function's code: the same contents give the same bytes, on any machine, at any time."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any

from sandbox.aws.wire import ASSET, SIGNATURE, Props, is_archive

Files = dict[str, bytes]


def zipped(archive: Props) -> bytes:
    """Return the archive's files as a zip, sorted and dated 1980."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in sorted(_files(archive).items()):
            entry = zipfile.ZipInfo(name)  # its default date is 1980-01-01
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            package.writestr(entry, content)
    return out.getvalue()


def sha256(package: bytes) -> str:
    """Return the hash as Lambda's CodeSha256 writes it."""
    return base64.b64encode(hashlib.sha256(package).digest()).decode()


def identity(value: Any) -> Any:  # noqa: ANN401  (any property)
    """Return what two archives are compared by: the engine's hash, for it sends old archives without contents."""
    if is_archive(value):
        return value.get("hash") or sha256(zipped(value))
    return value


def _files(archive: Props) -> Files:
    if archive.get("path"):
        return _from_path(Path(archive["path"]))
    if archive.get("assets"):
        return _from_assets(archive["assets"])
    raise ValueError("the aws stand-in takes code from a FileArchive or an AssetArchive, and got neither")


def _from_path(path: Path) -> Files:
    if path.is_dir():
        return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()}
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            return {name: package.read(name) for name in package.namelist() if not name.endswith("/")}
    with tarfile.open(path) as package:
        return {entry.name: _content(package, entry) for entry in package if entry.isfile()}


def _content(package: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    stream = package.extractfile(entry)
    return stream.read() if stream else b""


def _from_assets(assets: Props) -> Files:
    files: Files = {}
    for name, value in assets.items():
        if is_archive(value):
            files |= {f"{name}/{inner}": content for inner, content in _files(value).items()}
        elif value.get(SIGNATURE) == ASSET:
            files[name] = _asset(value)
    return files


def _asset(asset: Props) -> bytes:
    if asset.get("path"):
        return Path(asset["path"]).read_bytes()
    if asset.get("uri"):
        raise ValueError("the aws stand-in fetches no remote assets")
    return str(asset.get("text", "")).encode()
