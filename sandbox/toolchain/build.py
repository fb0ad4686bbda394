"""Build tools into the user's cache: once, whole or not at all, and safe beside another checkout that builds too."""

import hashlib
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from sandbox.errors import SandboxError
from sandbox.locks import locked
from sandbox.progress import Note
from sandbox.toolchain.tools import Tool

GO_MINIMUM = (1, 26)
RECIPE = "1"  # raise it when what this module does to a tool changes


def cache_folder() -> Path:
    """Name the user's cache of built tools."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "appofapps" / "toolchain"


def digest(tool: Tool) -> str:
    """Hash all that a tool is built from: its module files, packages, stamps, the recipe, the machine's kind."""
    sha = hashlib.sha256()
    recipe = (RECIPE, dict(tool.packages), tool.flags, platform.system(), platform.machine(), *tool.takes)
    sha.update(repr(recipe).encode())
    for file in sorted(tool.source.iterdir()):
        if file.suffix in {".mod", ".sum", ".go"}:
            sha.update(f"\0{file.name}\0".encode() + file.read_bytes())
    return sha.hexdigest()[:16]


def entry(tool: Tool, cache: Path) -> Path:
    """Name the folder that holds, or will hold, the binaries of a tool."""
    return cache / f"{tool.name}-{digest(tool)}"


def check_go() -> None:
    """Refuse a missing or old Go, saying what to install."""
    advice = "the toolchain is built with Go 1.26 or newer: install it from https://go.dev/dl/ and put it on PATH"
    if not shutil.which("go"):
        raise SandboxError(f"no `go` on PATH; {advice}")
    answer = subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True, check=True).stdout.strip()
    version = go_version(answer)
    if version and version < GO_MINIMUM:
        raise SandboxError(f"found {answer} ({shutil.which('go')}); {advice}")


def go_version(text: str) -> tuple[int, int] | None:
    """Read `go1.26.8`; a development version has no number and passes."""
    found = re.match(r"go(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else None


def ensure(tool: Tool, cache: Path, note: Note) -> Path:
    """Give the folder of a built tool, building it if nobody has."""
    target = entry(tool, cache)
    if not target.exists():
        with locked(cache / f"{tool.name}.lock", lambda: note("another checkout is building it")):
            if not target.exists():
                check_go()
                _build(tool, cache, target, note)
                note("built")
                return target
    note("found")
    return target


def _build(tool: Tool, cache: Path, target: Path, note: Note) -> None:
    """Build beside the target and move it there when all is done; an interrupted build leaves only Go's own cache."""
    draft = cache / f".building-{tool.name}"
    shutil.rmtree(draft, ignore_errors=True)
    module, out = draft / "module", draft / "out"
    shutil.copytree(tool.source, module)
    out.mkdir()
    if tool.before:
        note("preparing sources")
        tool.before(module, out)
    for binary, package in tool.packages.items():
        note(f"go build {binary}")
        _go_build(module, out / binary, package, tool.flags, cache / f"{tool.name}.log")
    if tool.after:
        tool.after(module, out)
    out.replace(target)
    shutil.rmtree(draft)


def _go_build(module: Path, out: Path, package: str, flags: str, log: Path) -> None:
    command = ["go", "build", "-o", str(out), "-ldflags", flags, package]
    with log.open("w") as sink:
        code = subprocess.run(command, cwd=module, stdout=sink, stderr=subprocess.STDOUT, check=False).returncode
    if code:
        last = "\n  ".join(log.read_text().splitlines()[-12:])
        raise SandboxError(f"`{' '.join(command)}` failed; its log {log} ends with:\n  {last}")
