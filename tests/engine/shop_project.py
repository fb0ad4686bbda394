"""The project in `shop/`, in a directory of its own, and a way to hold it at a point."""

import json
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appofapps.engine.engine import Engine
from appofapps.engine.results import RunResult

PATIENCE = 60.0
"""Seconds after which a test gives up waiting."""


@dataclass
class Shop:
    """A project without a cloud."""

    directory: Path

    @property
    def world(self) -> Path:
        """What stands for the cloud."""
        return self.directory / "world"

    def wants(self, **children: dict[str, Any]) -> None:
        """Say what is to run: a child's name to its resources, and `needs`. All are in the place `eu-1`."""
        wanted = {
            f"{name}@eu-1": {"needs": [f"{need}@eu-1" for need in things.pop("needs", ())], "things": things}
            for name, things in children.items()
        }
        (self.directory / "shop.json").write_text(json.dumps(wanted))

    def exists(self) -> dict[str, Any]:
        """Return the version of everything that is in the world."""
        files = [file for file in sorted(self.world.iterdir()) if file.read_text().startswith("{")]
        return {file.name: json.loads(file.read_text()).get("version") for file in files}

    def engine(self) -> Engine:
        """Open the stack."""
        return Engine(self.directory, "dev")

    @contextmanager
    def held(self, run: Callable[[], RunResult], *names: str) -> Iterator[list[RunResult]]:
        """Run in a thread until these resources are held; on leaving, wait for its end, whose result is listed."""
        results: list[RunResult] = []

        def work() -> None:
            results.append(run())

        thread = threading.Thread(target=_quietly, args=(work,))
        thread.start()
        wait_for(lambda: all((self.world / f"held-{name}").exists() for name in names))
        yield results
        thread.join(PATIENCE)

    def killed(self, *names: str, run: Callable[[], RunResult] | None = None) -> None:
        """Kill the engine while these resources are held."""
        engine = self.engine()
        with self.held(run or engine.up, *names):
            lock = engine.lock()
            assert lock
            os.kill(lock.pid, signal.SIGKILL)
        for held in self.world.glob("held-*"):
            held.unlink()


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.05)


def make_shop(directory: Path, setenv: Callable[[str, str], None]) -> Shop:
    """Copy the project, with a backend and a plugin directory of its own."""
    project = directory / "shop"
    shutil.copytree(Path(__file__).parent / "shop", project)
    (project / "world").mkdir()
    (directory / "backend").mkdir()
    plugin = directory / "bin" / "pulumi-resource-shop"
    plugin.parent.mkdir()
    plugin.write_text(
        f"#!{sys.executable}\n{(project / 'provider.py').read_text()}".replace(
            "__file__", repr(str(project / "provider.py"))
        )
    )
    plugin.chmod(0o755)
    setenv("PATH", os.pathsep.join([str(plugin.parent), str(Path(sys.executable).parent), os.environ["PATH"]]))
    setenv("PULUMI_HOME", str(directory / "home"))
    setenv("PULUMI_BACKEND_URL", f"file://{directory / 'backend'}")
    setenv("PULUMI_CONFIG_PASSPHRASE", "sandbox")
    setenv("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true")
    return Shop(project)


def _quietly(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as error:
        print(error)
