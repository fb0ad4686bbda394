"""Make `.venv` with the pinned dependencies. Runs on the machine's Python: standard library only."""

import hashlib
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from sandbox.layout import CODE
from sandbox.locks import locked
from sandbox.progress import Note, Progress

SOURCES = ("requirements.txt", "pyproject.toml")
DEBIAN = "on Debian and Ubuntu: `sudo apt-get install python3-venv`"


def fingerprint(root: Path) -> str:
    """Say what the environment is made from: the Python, then a hash of the pinned requirements and the package."""
    sha = hashlib.sha256()
    for name in SOURCES:
        sha.update((root / name).read_bytes())
    return f"{_python()}\n{sha.hexdigest()}"


def main(root: Path = CODE) -> int:
    """Make the environment unless it is in place; 3 when that cannot be done."""
    if not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        print(f"this Python ({sys.executable}) cannot make virtual environments; {DEBIAN}", file=sys.stderr)
        return 3
    stamp = root / ".venv" / "fingerprint"
    with locked(root / SOURCES[0], lambda: print("another command makes .venv: waiting for it")):
        if stamp.exists() and stamp.read_text() == fingerprint(root):
            return 0
        return _make(root, stamp)


def _make(root: Path, stamp: Path) -> int:
    """Bring the environment up to date; from nothing when it was made by another Python or is half made."""
    whole = stamp.exists() and stamp.read_text().startswith(f"{_python()}\n")
    stamp.unlink(missing_ok=True)
    python = str(root / ".venv" / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar=off"]
    steps = {
        "virtual environment .venv": [
            sys.executable,
            "-m",
            "venv",
            *([] if whole else ["--clear"]),
            str(root / ".venv"),
        ],
        "pinned dependencies": [*pip, "--require-hashes", "-r", str(root / "requirements.txt")],
        "this package": [*pip, "--no-deps", "--no-build-isolation", "-e", str(root)],
    }
    progress = Progress(len(steps))
    for title, command in steps.items():
        with progress.step(title) as note:
            failure = _run(command, note)
        if failure:
            print(f"`{' '.join(command)}` failed:\n{failure}", file=sys.stderr)
            return 3
    stamp.write_text(fingerprint(root))
    return 0


def _python() -> str:
    # Inside the environment itself (after `make env`) the base is still the machine's Python.
    return " ".join([sys.base_prefix, *sys.version.split()])


def _run(command: list[str], note: Note) -> str:
    """Run a command, showing the last thing it said; give the end of its output when it fails."""
    said: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            said.append(line.rstrip())
            note(said[-1].strip()[: max(20, shutil.get_terminal_size((120, 24)).columns - 60)])
    note("done")
    return "\n".join(said[-15:]) if process.returncode else ""


if __name__ == "__main__":
    sys.exit(main())
