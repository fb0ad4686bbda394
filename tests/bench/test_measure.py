"""The clock."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from bench.measure import BenchError, Command, run


def python(code: str, folder: Path, name: str = "python") -> Command:
    """Make a command that runs a line of Python."""
    return Command((sys.executable, "-c", code), folder, dict(os.environ), folder / f"{name}.log")


def test_memory_of_descendants_counts(tmp_path: Path) -> None:
    """What a grandchild holds is part of a command's memory: engines start providers."""
    child = "import time; held = bytearray(80_000_000); time.sleep(1.2)"
    measured = run(python(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])", tmp_path))

    assert measured.memory_mb > 80


def test_processor_time_of_descendants_counts(tmp_path: Path) -> None:
    """Sleeping costs nothing, computing does, also in a grandchild."""
    busy = "import time\nwhile time.process_time() < 0.5: pass"
    measured = run(python(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])", tmp_path))

    assert run(python("import time; time.sleep(0.5)", tmp_path)).cpu_seconds < 0.4 < measured.cpu_seconds


def test_commands_run_side_by_side(tmp_path: Path) -> None:
    """Two commands at once take the time of one; one at a time they take the time of both."""
    nap = [python("import time; time.sleep(0.8)", tmp_path, name) for name in ("a", "b")]

    assert run(*nap, at_once=2).seconds < 1.6 <= run(*nap).seconds


def test_a_failing_command_is_named_with_what_it_said(tmp_path: Path) -> None:
    """Nothing is measured where a command fails; the message holds its last lines and the way to its log."""
    with pytest.raises(BenchError, match=r"ended with 4(.|\n)*python.log(.|\n)*no such thing"):
        run(python("print('no such thing'); raise SystemExit(4)", tmp_path))


def test_nothing_runs_on_after_a_failure(tmp_path: Path) -> None:
    """The commands beside a failed one are ended, and those that wait for their turn do not start."""
    slow = python("import time; time.sleep(60)", tmp_path, "slow")
    with pytest.raises(BenchError):
        run(python("raise SystemExit(1)", tmp_path), slow, slow, at_once=2)

    assert not psutil.Process().children(recursive=True)


def test_a_failure_may_be_what_is_measured(tmp_path: Path) -> None:
    """A command may have to fail, and what it prints to stdout may be wanted apart from its log."""
    command = python("import sys; print('[1]'); print('one failed', file=sys.stderr); raise SystemExit(1)", tmp_path)
    run(replace(command, answer=tmp_path / "report.json", ends_with=1))

    assert (tmp_path / "report.json").read_text() == "[1]\n"
    assert command.log.read_text() == "one failed\n"
    with pytest.raises(BenchError, match="ended with 0"):
        run(replace(python("pass", tmp_path), ends_with=1))
