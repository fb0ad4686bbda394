"""`up` of a whole environment: its stacks one after another, each after those it needs."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from appofapps.engine.results import EngineError
from appofapps.operations.deploy import Wish, deploy
from appofapps.operations.refusal import Refusal, RefusedError
from appofapps.operations.report import RunReport
from appofapps.operations.session import load_project, open_session, stack_order
from appofapps.operations.talk import Talk

REFUSED = 2
COULD_NOT_RUN = 3


@dataclass(frozen=True, slots=True)
class StackRun:
    """How one stack of an environment fared."""

    stack: str
    report: RunReport | None
    """None when it was refused, or could not run."""
    error: str = ""
    exit_code: int = 0


@dataclass(frozen=True, slots=True)
class EnvironmentReport:
    """How the stacks of an environment fared, in the order they ran."""

    environment: str
    stacks: tuple[StackRun, ...]

    @property
    def exit_code(self) -> int:
        """Return the worst exit code of a stack."""
        return max((run.exit_code for run in self.stacks), default=0)


def up(
    project: Path, root: Path, stack: str, environment: str, wish: Wish, talk: Talk
) -> RunReport | EnvironmentReport:
    """Run `up` of one stack, or of every stack of an environment.

    Raises CatalogError, RefusedError and, for one stack, EngineError.
    """
    if bool(stack) == bool(environment):
        raise RefusedError([Refusal("aoa up", "name a stack or an environment", "aoa up --stack S, or aoa up --env E")])

    def one(name: str) -> RunReport:
        return deploy(open_session(project, name, root, wish.confirm_deletions), wish, talk)

    if stack:
        return one(stack)
    catalog, stacks = load_project(project, root)
    return run_all(environment, stack_order(catalog, stacks, environment), one)


def run_all(environment: str, stacks: Iterable[str], up: Callable[[str], RunReport]) -> EnvironmentReport:
    """Run every stack, past failures, until a Ctrl-C; a stack whose needs are not ready its own guards refuse."""
    return EnvironmentReport(environment, tuple(_runs(stacks, up)))


def _runs(stacks: Iterable[str], up: Callable[[str], RunReport]) -> Iterator[StackRun]:
    for stack in stacks:
        try:
            report = up(stack)
        except RefusedError as error:
            yield StackRun(stack, None, str(error), REFUSED)
        except EngineError as error:
            yield StackRun(stack, None, str(error), COULD_NOT_RUN)
        else:
            yield StackRun(stack, report, exit_code=report.exit_code)
            if report.interrupted:
                return
