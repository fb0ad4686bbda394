"""The stage: one side's turn in one round, in a folder of its own, on the empty cluster."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from appofapps.plan import conventions as c
from bench.measure import Command
from sandbox.environment import backend_url

CODE: Final = Path(__file__).parents[1]
LINKED: Final = ("__main__.py", "components", "Pulumi.yaml")

Document = dict[str, Any]
Children = Sequence[Sequence[Document]]
"""The documents of each child: its namespace first, then what is in it."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a side works, with what, and how much of it."""

    folder: Path
    environment: Mapping[str, str]
    """The sandbox's."""
    children: int

    def command(self, name: str, *line: str, answer: Path | None = None, ends_with: int = 0) -> Command:
        """Make a command of this side; its output goes to the log `name`, its state to a backend of the side's own."""
        backend = self.folder / "backend"
        backend.mkdir(exist_ok=True)
        environment = {**self.environment, "PULUMI_BACKEND_URL": backend_url(backend)}
        return Command(line, self.folder, environment, self.folder / "logs" / f"{name}.log", answer, ends_with)

    def write(self, name: str, document: object) -> Path:
        """Write a YAML file, or a JSON file, by the name's ending."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        is_json = file.suffix == ".json"
        file.write_text(json.dumps(document) if is_json else yaml.dump(document, Dumper=yaml.CSafeDumper))
        return file

    def write_all(self, name: str, documents: Sequence[Document]) -> Path:
        """Write several documents into one YAML file."""
        file = self.write(name, {})
        file.write_text(yaml.dump_all(documents, Dumper=yaml.CSafeDumper))
        return file

    def link_program(self) -> None:
        """Make the folder a scratch checkout: the program as it is, a catalog and stacks of the side's own."""
        self.link_python()
        for name in LINKED:
            (self.folder / name).symlink_to(CODE / name)

    def write_stack(self, name: str, environment: str, **target: object) -> Path:
        """Write the file of a stack: the environment, and what it takes of that."""
        settings = {c.CONFIG_ENVIRONMENT: environment, **target}
        config = {f"{c.PROJECT}:{key}": value for key, value in settings.items()}
        return self.write(f"Pulumi.{name}.yaml", {"config": config})

    def link_python(self) -> None:
        """Give a Pulumi project the interpreter that runs the benchmark, under the name its Pulumi.yaml says."""
        (self.folder / ".venv").symlink_to(sys.prefix)
