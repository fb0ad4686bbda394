"""The engine's long errors in one line."""

import re
from typing import Final

LONGEST: Final = 300
PREAMBLE: Final = re.compile(r'^\w+ of resource "urn:[^"]*" failed: ')
"""The report names the resource's child already."""
CANCELLED: Final = ("context canceled", "context cancelled", "operation canceled")
"""What providers say of a step that an interrupt ended."""
CALLBACK: Final = re.compile(r".*Invoke callback [0-9a-f-]+ error: (.*?):?\s*(?=\n\s*File |\Z)", re.DOTALL)
"""Around what our own look at a rendered object said: remote calls before it, and our traceback after it."""
TRACEBACK: Final = "Traceback (most recent call last)"
NOISE: Final = ("errors occurred:", "error occurred:", "sdk-v2/provider2.go")


def summary(message: str) -> str:
    r"""Return the telling part of an error: its first line, and the points it lists, at most 300 characters.

    >>> summary("2 errors occurred:\n\t* timed out\n\t* pods are not ready\n\n")
    'timed out; pods are not ready'
    """
    if refused := CALLBACK.match(message):
        message = refused[1]
    if TRACEBACK in message:  # what counts is the exception, on the last line
        message = message.strip().rsplit("\n", 1)[-1]
    stripped = (line.strip().removeprefix("* ").removeprefix("error: ") for line in message.splitlines())
    lines = (PREAMBLE.sub("", line).rstrip(":") for line in stripped)
    telling = [line for line in lines if line and not f"{line}:".endswith(NOISE)]
    text = "; ".join(dict.fromkeys(telling))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def is_cancelled(message: str) -> bool:
    """Tell whether an error is only an interrupt, as a provider reports it."""
    return any(word in message for word in CANCELLED)
