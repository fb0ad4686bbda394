"""What looks like a secret value in a file. No message ever holds the value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appofapps.catalog.problems import Problem, Step

HINT: Final = "keep the value in a secret store, name it under `secrets:`, and rotate it: it has been written down"


@dataclass(frozen=True, slots=True)
class Token:
    """A kind of secret that is known by its form."""

    what: str
    marker: str
    """A text every such secret holds: searching for it is what makes ten thousand files cheap."""
    form: re.Pattern[str]


TOKENS: Final = (
    Token("a private key", "PRIVATE KEY", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----")),
    Token("an AWS access key", "AKIA", re.compile(r"\bAKIA[0-9A-Z]{16}\b")),
    Token("an AWS session key", "ASIA", re.compile(r"\bASIA[0-9A-Z]{16}\b")),
    Token("a JSON web token", "eyJ", re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")),
    Token("a GitHub token", "gh", re.compile(r"\bgh[pousr]_[A-Za-z0-9]{20,}")),
    Token("a GitHub token", "github_pat_", re.compile(r"\bgithub_pat_\w{20,}")),
    Token("a GitLab token", "glpat-", re.compile(r"\bglpat-[\w-]{16,}")),
    Token("a Slack token", "xox", re.compile(r"\bxox[abeoprs]-[\w-]{10,}")),
    Token("a Google API key", "AIza", re.compile(r"\bAIza[\w-]{35}")),
    Token("a Stripe key", "k_live_", re.compile(r"\b[rs]k_live_\w{16,}")),
    Token("a password in an address", "://", re.compile(r"://[^/\s:@'\"]+:[^/\s:@'\"$<{]+@")),
)

_WORDS: Final = ("passw", "passphrase", "pwd", "token", "secret", "key", "credential")
_KEY = re.compile(
    r"(^|[._-])(password|passwd|passphrase|pwd|token|credentials?|(api|access|private|client|encryption|signing)[._-]?key"
    r"|client[._-]?secret|secret[._-]?(access[._-]?)?key)$",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"(^|_)SECRET$")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ASSIGNMENT = re.compile(r"(?<![\w.-])([\w.-]+)[\"']?\s*[=:]\s*[\"']?([^\s\"',&}]+)")
_REFERENCE = re.compile(r"^(\$|\{|<|arn:|/|file:|https?:|ref[+:]|vault:)|^(true|false|none|null)$", re.IGNORECASE)


def leaks(file: Path, text: str, document: object) -> Iterator[Problem]:
    """Yield what looks like a secret in a file: known forms anywhere, and literal values of keys named like secrets."""
    for token in TOKENS:
        if token.marker in text:
            for match in token.form.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                yield Problem(file, (), f"looks like {token.what}", HINT, line)
    lower = text.lower()
    if any(word in lower for word in _WORDS):
        for path in _named_secrets(document, (), set()):
            yield Problem(file, path, f"{path[-1]!r} looks like a secret in clear text", HINT)


def is_secret(name: object, value: object) -> bool:
    """Tell whether a value must not be shown: by its form, or by the name it has."""
    return isinstance(value, str) and (
        any(token.form.search(value) for token in TOKENS) or (_is_secret_name(name) and bool(value))
    )


def _named_secrets(value: object, path: tuple[Step, ...], seen: set[int]) -> Iterator[tuple[Step, ...]]:
    """Yield the paths of literal values of secret names; `seen` ends at aliases, which may be circular."""
    if isinstance(value, dict | list):
        if id(value) in seen:
            return
        seen.add(id(value))
        items = enumerate(value) if isinstance(value, list) else value.items()
        for step, inner in items:
            yield from _named_secrets(inner, (*path, step if isinstance(step, int) else str(step)), seen)
        if isinstance(value, dict) and _is_secret_name(value.get("name")) and _is_literal(value.get("value")):
            yield (*path, "value")
    elif path and isinstance(value, str) and _is_leak(path[-1], value):
        yield path


def _is_leak(name: Step, value: str) -> bool:
    if _is_secret_name(name):
        return _is_literal(value)
    if "=" not in value and ":" not in value:
        return False
    return any(_is_secret_name(match[1]) and _is_literal(match[2]) for match in _ASSIGNMENT.finditer(value))


def _is_secret_name(name: object) -> bool:
    return isinstance(name, str) and bool(_KEY.search(_CAMEL.sub("_", name)) or _VARIABLE.search(name))


def _is_literal(value: object) -> bool:
    """Tell whether a text stands for itself, and not for a place where the secret is."""
    return isinstance(value, str) and bool(value.strip()) and not _REFERENCE.search(value.strip())
