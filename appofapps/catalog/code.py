"""The code of a function: its files, and their hash."""

import hashlib
from pathlib import Path

from appofapps.catalog.catalog import Code


def code_files(folder: Path) -> dict[str, Path]:
    """Return the files of a folder that are code, by name relative to it, sorted; Python's caches are not."""
    files = (file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    named = {file.relative_to(folder).as_posix(): file for file in files}
    return {name: named[name] for name in sorted(named)}


def read_code(folder: Path) -> Code:
    """Return the code in a folder. The hash follows names and contents, so times and caches do not change it."""
    digest = hashlib.sha256()
    for name, file in code_files(folder).items():
        content = file.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return Code(folder.resolve(), f"sha256:{digest.hexdigest()}")
