"""A scratch checkout for one test: own catalog, own stacks, own backend, the program as it is."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.environment import backend_url

CODE = Path(__file__).parents[2]
LINKED = ("__main__.py", "components", "Pulumi.yaml")
TIMEOUT = 600


@dataclass(frozen=True, slots=True)
class Done:
    """A command that ended."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Everything it printed."""
        return self.out + self.err

    def json(self) -> Any:
        """Parse what it printed to stdout."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Project:
    """A directory `pulumi` and `aoa` run in."""

    root: Path
    environment: Mapping[str, str]

    @classmethod
    def at(cls, root: Path, sandbox: Mapping[str, str], catalog: Path | None = None) -> "Project":
        """Lay out a scratch project; without a catalog, the shipped one is copied."""
        root.mkdir(parents=True, exist_ok=True)
        for name in LINKED:
            (root / name).symlink_to(CODE / name)
        (root / ".venv").symlink_to(sys.prefix)
        shutil.copytree(catalog or CODE / "catalog", root / "catalog")
        for stack in CODE.glob("Pulumi.*.yaml"):
            shutil.copy(stack, root / stack.name)
        (root / "backend").mkdir()
        # The engine knows `--event-log` only among its debugging commands.
        own = {"PULUMI_BACKEND_URL": backend_url(root / "backend"), "PULUMI_DEBUG_COMMANDS": "true"}
        return cls(root, {**os.environ, **sandbox, **own})

    def start(self, *command: str, **variables: str) -> "subprocess.Popen[str]":
        """Start a command in its own session, as a second terminal would."""
        return subprocess.Popen(
            command, cwd=self.root, env={**self.environment, **variables}, text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *command: str, **variables: str) -> Done:
        """Run a command to its end; one that hangs is stopped with everything it started, and what it said is shown."""
        process = self.start(*command, **variables)
        try:
            out, err = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            pytest.fail(f"$ {' '.join(command)}\nnot done after {TIMEOUT} s\n{out}\n{err}")
        return Done(process.returncode, out, err)

    def aoa(self, *arguments: str, code: int | None = 0) -> Done:
        """Run `aoa`; the exit code must be `code`, or may be any where it is None."""
        return self._expect(code, "aoa", *arguments)

    def pulumi(self, *arguments: str, code: int | None = 0) -> Done:
        """Run `pulumi`, as a person without `aoa` would."""
        return self._expect(code, "pulumi", *arguments, "--non-interactive")

    def kubectl(self, cluster: str, *arguments: str, code: int | None = 0) -> Done:
        """Run `kubectl` against one cluster."""
        return self._expect(code, "kubectl", "--context", cluster, *arguments)

    def get(self, cluster: str, *arguments: str) -> Any:
        """Return `kubectl get … -o json`, parsed."""
        return self.kubectl(cluster, "get", *arguments, "-o", "json").json()

    def items(self, cluster: str, kind: str, environment: str) -> list[Any]:
        """Return the objects of a kind that belong to an environment, over all namespaces."""
        found = self.get(cluster, kind, "-A", "-l", f"appofapps.dev/environment={environment}")
        return list(found["items"])

    def edit(self, file: str, change: Callable[[dict[str, Any]], object]) -> None:
        """Change a YAML file of the project."""
        path = self.root / file
        document = yaml.safe_load(path.read_text())
        change(document)
        path.write_text(yaml.safe_dump(document, sort_keys=False))

    def write(self, file: str, document: Mapping[str, Any]) -> None:
        """Write a YAML file of the project."""
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(dict(document), sort_keys=False))

    def state(self, stack: str) -> list[dict[str, Any]]:
        """Return the resources that the state of a stack records."""
        exported = self.pulumi("stack", "export", "--stack", stack).json()
        return list(exported["deployment"].get("resources", []))

    def _expect(self, code: int | None, *command: str) -> Done:
        done = self.run(*command)
        assert code is None or done.code == code, f"$ {' '.join(command)}\nexit {done.code}\n{done.out}\n{done.err}"
        return done
