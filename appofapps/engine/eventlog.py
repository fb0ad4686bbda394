"""The engine's event log, followed while it is written."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

INTERVAL = 0.1
"""Seconds between two looks at the file."""


@contextmanager
def following(take: Callable[[Mapping[str, Any]], None]) -> Iterator[Path]:
    """Give a file to have events written to; every line is taken, in order, the last ones on leaving.

    A file, and not the SDK's socket: the engine goes on undisturbed when the reader dies. What `take` raises is
    raised on leaving.
    """
    ended = threading.Event()
    with TemporaryDirectory(prefix="appofapps-") as directory, ThreadPoolExecutor(1) as pool:
        file = Path(directory, "events.jsonl")
        file.touch()
        reading = pool.submit(_follow, file, take, ended)
        try:
            yield file
        finally:
            ended.set()
        reading.result()


def _follow(file: Path, take: Callable[[Mapping[str, Any]], None], ended: threading.Event) -> None:
    with file.open(encoding="utf-8") as lines:
        part = ""
        while True:
            last = ended.is_set()
            for line in lines:
                part += line
                if part.endswith("\n"):
                    take(json.loads(part))
                    part = ""
            if last:
                return
            ended.wait(INTERVAL)
