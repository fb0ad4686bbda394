"""Catalogs in Git repositories: fetched once a commit into the user's cache, never changed there."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

TIMEOUT: Final = 120.0
"""Seconds one call of git may take."""

Run = Callable[[list[str], Path], None]


class FetchError(Exception):
    """A commit could not be fetched; the message is git's."""


def cache() -> Path:
    """Return the folder of fetched commits: `$XDG_CACHE_HOME/appofapps/catalogs`, or the same in `~/.cache`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "appofapps" / "catalogs"


def git(arguments: list[str], folder: Path) -> None:
    """Run git in a folder, never asking anybody for anything. Raises FetchError."""
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False,
            timeout=TIMEOUT,
        )  # fmt: skip
    except FileNotFoundError:
        raise FetchError("no `git` on PATH") from None
    except subprocess.TimeoutExpired:
        raise FetchError(f"git {arguments[0]} took more than {TIMEOUT:.0f} s") from None
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"git {arguments[0]} ended with {done.returncode}"]
        raise FetchError(lines[-1])


def fetched(url: str, commit: str, folder: Path | None = None, run: Run = git) -> Path:
    """Return a folder with the files of a commit, from the cache where it is there. Raises FetchError."""
    there = (folder or cache()) / commit
    if there.is_dir():
        return there
    there.parent.mkdir(parents=True, exist_ok=True)
    building = Path(mkdtemp(prefix=f"{commit}.", dir=there.parent))
    try:
        run(["init", "--quiet"], building)
        run(["fetch", "--quiet", "--depth=1", url, commit], building)
        run(["checkout", "--quiet", "--detach", commit], building)
        shutil.rmtree(building / ".git")
        _move(building, there)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return there


def _move(building: Path, there: Path) -> None:
    """Put a complete folder in place at once; somebody else may have been faster, with the same files."""
    try:
        building.rename(there)
    except OSError:
        if not there.is_dir():
            raise
