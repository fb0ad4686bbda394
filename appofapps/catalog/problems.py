"""What can be wrong with a catalog: where, what, and what to type instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

Step = str | int
"""A key of a mapping or an index of a list, on the way to a value in a YAML file."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in one place."""

    file: Path
    path: tuple[Step, ...]
    """The way to the value within the file; the line is looked up when the problem is printed."""
    message: str
    """What is wrong, with the value."""
    hint: str = ""
    """What to type instead."""
    line: int | None = None
    """Set where no path leads to the place: a YAML syntax error."""


class CatalogError(Exception):
    """The catalog is wrong; carries every problem found, so that one run shows them all."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return every problem as it is printed, with its line."""
        # Imported here: who only carries problems around reads no files.
        from appofapps.catalog.locate import locate_all  # noqa: PLC0415

        return "\n".join(map(str, locate_all(self.problems)))
