"""Recovery before a run, and what there is to say about it."""

from collections.abc import Callable, Iterator

from appofapps.engine.results import State
from appofapps.operations.outcomes import resource
from appofapps.operations.recovery import Recovery, recover
from appofapps.operations.session import Session


def recovered(session: Session, say: Callable[[str], None]) -> tuple[State, tuple[str, ...]]:
    """Repair what an interrupted run left behind; return the state, and what was done, if there was anything.

    It is said at once: the run that follows may still be refused. Raises LockedError when somebody runs the stack.
    """
    recovery = recover(session.engine)
    notes = tuple(_notes(recovery))
    for note in notes:
        say(note)
    return recovery.state, notes


def _notes(recovery: Recovery) -> Iterator[str]:
    for lock in recovery.released:
        yield f"released the lock of process {lock.pid} on {lock.host} ({lock.since}), which is gone"
    if recovery.ended:
        yield f"ended plugins that had outlived it: {', '.join(str(pid) for pid in recovery.ended)}"
    for what, names in (
        ("taken into the state, made by the interrupted run", recovery.taken_in),
        ("begun by the interrupted run and never made", recovery.cleared),
        ("read again after the interrupt", recovery.verified),
        ("could not be read after the interrupt; this run updates it", recovery.unverified),
    ):
        for name in names:
            yield f"{resource(name)}: {what}"
