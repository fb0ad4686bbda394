"""A `pulumi` that is already on PATH: used as it is when it is the very version, else named with what to do."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sandbox.errors import SandboxError
from sandbox.toolchain.tools import PULUMI_VERSION

LANGUAGE_HOST = "pulumi-language-python"


@dataclass(frozen=True, slots=True)
class Found:
    """An engine on PATH: where, which version, and whether it can run Python programs."""

    path: str
    version: str
    has_language_host: bool

    @property
    def problem(self) -> str:
        """Say why it cannot be used; empty when it can."""
        if self.version != PULUMI_VERSION:
            return f"found pulumi {self.version} ({self.path}), this project needs {PULUMI_VERSION} exactly"
        return "" if self.has_language_host else f"found {self.path}, but no {LANGUAGE_HOST} beside it or on PATH"


def look(path: str) -> Found | None:
    """Look along a PATH; the folders of sandboxes do not count, they go away with their checkouts."""
    own = os.sep + str(Path(".sandbox", "bin"))
    rest = os.pathsep.join(entry for entry in path.split(os.pathsep) if not entry.endswith(own))
    binary = shutil.which("pulumi", path=rest)
    if not binary:
        return None
    answer = subprocess.run([binary, "version"], capture_output=True, text=True, check=False).stdout
    beside = Path(binary).resolve().with_name(LANGUAGE_HOST)
    return Found(binary, version_of(answer), beside.exists() or bool(shutil.which(LANGUAGE_HOST, path=rest)))


def version_of(answer: str) -> str:
    """Read the version out of `pulumi version`."""
    found = re.search(r"v?(\d+\.\d+\.\d+\S*)", answer)
    return found[1] if found else "of unknown version"


def usable(found: Found | None, *, demanded: bool) -> bool:
    """Decide between PATH and an own build; `demanded` (AOA_TOOLCHAIN=system) refuses the own build."""
    problem = found.problem if found else "found no pulumi on PATH"
    if problem and demanded:
        raise SandboxError(f"{problem}; install that version, or unset AOA_TOOLCHAIN to have it built")
    if found and problem:
        print(f"{problem}: building {PULUMI_VERSION} from its sources instead")
        print(f"  to use yours, install pulumi {PULUMI_VERSION}; to forbid the build, set AOA_TOOLCHAIN=system")
    return not problem
