"""All stacks of the project, as the backend knows them: also those that have no settings file here."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pulumi.automation import CommandError
from pulumi.automation.errors import StackNotFoundError

from appofapps.engine.commandline import command, text
from appofapps.engine.results import EngineError, State
from appofapps.engine.state import read_state

WORKERS = 4
"""Each reads one state in a process of its own."""


class Backend:
    """The backend of a project; reads only. Every method raises EngineError when it cannot be asked."""

    def __init__(self, project: Path) -> None:
        self._project = project

    def states(self, prefix: str) -> Mapping[str, State]:
        """Return the states of all stacks whose names begin so."""
        listed = json.loads(self._ask("stack", "ls", "--json"))
        names = [str(each["name"]).rpartition("/")[2] for each in listed]  # of a service: organisation/name
        wanted = sorted(name for name in names if name.startswith(prefix))
        with ThreadPoolExecutor(max_workers=WORKERS) as pool:
            return {name: state for name, state in zip(wanted, pool.map(self._state, wanted), strict=True) if state}

    def _state(self, stack: str) -> State | None:
        try:
            return read_state(json.loads(self._ask("stack", "export", "--stack", stack)))
        except StackNotFoundError:  # gone since it was listed
            return None

    def _ask(self, *arguments: str) -> str:
        try:
            return command().run(list(arguments), str(self._project), {"PULUMI_SKIP_UPDATE_CHECK": "true"}).stdout
        except StackNotFoundError:
            raise
        except CommandError as error:
            raise EngineError(text(error)) from None
