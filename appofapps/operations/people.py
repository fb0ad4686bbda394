"""Who is at work."""

import os
import subprocess
from collections.abc import Callable, Mapping


def me(environment: Mapping[str, str] = os.environ, ask: Callable[[str], str] | None = None) -> str:
    """Return who to ask about an edit: the name git would commit it under, else the user; empty where neither says."""
    return (ask or _git)("user.name") or environment.get("USER", "")


def _git(setting: str) -> str:
    try:
        done = subprocess.run(["git", "config", setting], capture_output=True, text=True, check=False)
    except OSError:  # no git here
        return ""
    return done.stdout.strip()
