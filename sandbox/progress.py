"""Numbered steps with their elapsed time, so that nothing looks hung. Standard library only: bootstrap uses it."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

Note = Callable[[str], None]
FIRST_SIGN, PLAIN_EVERY = 2.0, 15.0


def clock_text(seconds: float) -> str:
    """Write a duration the way a person reads it: `0.4 s`, `12 s`, `3:05`."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


class Progress:
    """Print `[2/9] title` for each step: redrawn every second on a terminal, every 15 s as a line elsewhere."""

    def __init__(self, total: int, out: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._total, self._out, self._clock = total, out or sys.stdout, clock
        self._begun = 0
        self._terminal = self._out.isatty()

    @contextmanager
    def step(self, title: str) -> Iterator[Note]:
        """Show one step while its block runs; the yielded function says what is being done at the moment."""
        self._begun += 1
        label, start, ended, detail = f"[{self._begun}/{self._total}] {title}", self._clock(), threading.Event(), [""]
        ticker = threading.Thread(target=self._tick, args=(label, start, ended, detail), daemon=True)
        ticker.start()
        verdict = "failed"
        try:
            yield lambda text: detail.__setitem__(0, text)
            verdict = detail[0] or "done"
        finally:
            ended.set()
            ticker.join()
            self._print(f"{label}: {verdict}, {clock_text(self._clock() - start)}", last=True)

    def _tick(self, label: str, start: float, ended: threading.Event, detail: list[str]) -> None:
        wait = 0.2 if self._terminal else FIRST_SIGN
        while not ended.wait(wait):
            doing = f" ({detail[0]})" if detail[0] else ""
            self._print(f"{label}{doing} … {clock_text(self._clock() - start)}", last=False)
            wait = 1.0 if self._terminal else PLAIN_EVERY

    def _print(self, text: str, *, last: bool) -> None:
        frame = ("\r\x1b[2K", "\n" if last else "") if self._terminal else ("", "\n")
        self._out.write(frame[0] + text + frame[1])
        self._out.flush()
