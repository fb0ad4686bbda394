"""Guards say no by name, and say what to type instead."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason not to go on."""

    where: str
    """The child, the stack, or the object it is about."""
    message: str
    hint: str = ""
    """What to type, or do, instead."""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class RefusedError(Exception):
    """A guard refuses the run; nothing was changed. Carries every reason, so that one run shows them all."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("\n".join(f"{refusal.where}: {refusal.message}" for refusal in self.refusals))

    @property
    def advice(self) -> str:
        """Return every reason with what to do instead, as one text."""
        return "; ".join(str(refusal) for refusal in self.refusals)


def refuse_any(refusals: Iterable[Refusal]) -> None:
    """Raise RefusedError when there is any reason to."""
    found = tuple(refusals)
    if found:
        raise RefusedError(found)
