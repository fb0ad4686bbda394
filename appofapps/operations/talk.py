"""What a run asks of whoever started it. The command line answers; tests answer in one line."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from appofapps.observe.snapshots import Snapshot
from appofapps.operations.preview import PreviewReport
from appofapps.operations.progress import OnProgress, Progress


def _nothing(_: object) -> None:
    """Say nothing."""


def _yes(_: PreviewReport) -> bool:
    return True


def _unseen(_: Progress) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass(frozen=True, slots=True)
class Talk:
    """How a run speaks."""

    say: Callable[[str], None] = _nothing
    """One line about what happens now."""
    confirm: Callable[[PreviewReport], bool] = _yes
    """Whether to go on with these changes."""
    show: Callable[[Progress], AbstractContextManager[None]] = _unseen
    """Shows the children while the engine runs."""
    saved: Callable[[tuple[Snapshot, ...]], None] = _nothing
    """Told of the snapshots of what goes, before anything goes."""
    listen: OnProgress = _nothing
    """Called whenever a child comes to another stage."""
