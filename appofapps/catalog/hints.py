"""What to type instead."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Return the known word that is closest to a misspelt one, or all of them when none is close."""
    words = sorted(set(known))
    close = get_close_matches(str(word), words, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"there is: {_shortened(words)}" if words else ""


def _shortened(words: list[str], limit: int = 12) -> str:
    rest = len(words) - limit
    return ", ".join(words[:limit]) + (f", and {rest} more" if rest > 0 else "")
