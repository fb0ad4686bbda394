"""How the stacks of an environment fared."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from appofapps.operations.preview import PreviewReport
from appofapps.operations.report import FINE, RunReport

REFUSED = 2
COULD_NOT_RUN = 3

Report = RunReport | PreviewReport


@dataclass(frozen=True, slots=True)
class StackRun:
    """How one stack fared."""

    stack: str
    report: Report | None = None
    """None when it was left out, refused, or could not run."""
    error: str = ""
    """Why there is no report."""
    skipped: str = ""
    """Why it was left out."""
    exit_code: int = 0
    attempts: int = 1
    again: str = ""
    """Why another attempt may go better; empty when it would not."""
    seconds: float = 0.0

    @property
    def outcome(self) -> str:
        """Return the outcome in a word or two."""
        if self.skipped:
            return "skipped" if self.exit_code else "unchanged"
        if self.report is None:
            return {REFUSED: "refused", COULD_NOT_RUN: "could not run"}.get(self.exit_code, self.error)
        if isinstance(self.report, PreviewReport):
            return "would change" if self.report.children else "failed" if self.exit_code else "no changes"
        return "failed" if self.exit_code else "done"

    @property
    def counts(self) -> str:
        """Return how many children ended how."""
        if isinstance(self.report, RunReport):
            found = Counter(str(child.outcome) for child in self.report.children)
        else:
            children = self.report.children if self.report else ()
            found = Counter(str(child.verb) for child in children if child.address)
        return ", ".join(f"{count} {word}" for word, count in found.items())


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not as it was asked to be, where, and why."""

    stack: str
    what: str
    """A child in its place, or all of the stack."""
    cause: str


@dataclass(frozen=True, slots=True)
class FleetReport:
    """How all stacks of an environment fared."""

    verb: str
    environment: str
    stacks: tuple[StackRun, ...]
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """Return the worst exit code of a stack."""
        return max((run.exit_code for run in self.stacks), default=0)

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Return what is missing where; a preview misses nothing but what it could not ask for."""
        return tuple(found for run in self.stacks if run.exit_code for found in _missing(run))


def _missing(run: StackRun) -> Iterator[Missing]:
    if run.report is None:
        yield Missing(run.stack, "all of it", run.skipped or run.error)
        return
    if isinstance(run.report, RunReport):
        unwell = [child for child in run.report.children if child.outcome not in FINE]
        for child in unwell:
            yield Missing(run.stack, str(child.address), ": ".join(filter(None, (child.outcome, child.cause))))
    yield from (Missing(run.stack, "-", failure) for failure in run.report.failures)
