"""Who is at work, and who answers for what `aoa` writes into the catalog."""

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from appofapps.catalog.models.parent import Record
from appofapps.operations.refusal import Refusal, refuse_any


def me(environment: Mapping[str, str] = os.environ, ask: Callable[[str], str] | None = None) -> str:
    """Return who to ask about an edit: the name git would commit it under, else the user; empty where neither says."""
    return (ask or _git)("user.name") or environment.get("USER", "")


def record(verb: str, reason: str, owner: str, since: date) -> Record:
    """Return the record of what a verb does; `owner` may be empty: who is at work.

    Raises RefusedError without a reason, and where nobody is known to ask.
    """
    owner = owner or me()
    refuse_any(unaccounted(verb, reason, owner))
    return Record(reason=reason, owner=owner, since=since)


def unaccounted(verb: str, reason: str, owner: str) -> Iterator[Refusal]:
    """Yield what people would miss who come across an edit later: why it was made, and who knows more."""
    if not reason.strip():
        yield Refusal(verb, "no reason given", "--reason 'what for'")
    if not owner:
        yield Refusal(verb, "nobody to ask: neither git nor USER says who you are", "--owner NAME")


def _git(setting: str) -> str:
    try:
        done = subprocess.run(["git", "config", setting], capture_output=True, text=True, check=False)
    except OSError:  # no git here
        return ""
    return done.stdout.strip()
