"""The environment variables that lead `pulumi`, `kubectl`, `aoa` and `aws` to one sandbox: composed here only."""

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from sandbox.layout import Layout

PASSPHRASE = "sandbox"  # noqa: S105 - documented on purpose: it protects nothing but made-up data
REGION = "eu-west-1"


def compose(layout: Layout, cloud: Mapping[str, str], path: str) -> dict[str, str]:
    """Compose the variables; `cloud` holds the AWS ones, `path` is the PATH to put our folders before."""
    return {
        "PATH": search_path(layout, path),
        "PULUMI_HOME": str(layout.pulumi_home),
        "PULUMI_BACKEND_URL": backend_url(layout.backend),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_CONTINUE_ON_ERROR": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "KUBECONFIG": str(layout.kubeconfig),
        **cloud,
    }


def backend_url(folder: Path) -> str:
    """Return the address of a file backend without checksum files beside the states.

    The state is written at every step; the checksums cost a sixth of the engine's processor time (`make bench` at 50
    children), and a reader that meets one half-written fails. https://gocloud.dev/howto/blob/#local: `metadata=skip`.
    """
    return f"file://{folder}?metadata=skip"


def search_path(layout: Layout, path: str) -> str:
    """Put our folders first; evaluating it twice adds nothing."""
    ours = [str(layout.bin), str(Path(sys.prefix) / "bin")]
    return os.pathsep.join(ours + [entry for entry in path.split(os.pathsep) if entry and entry not in ours])


def exports(environment: Mapping[str, str]) -> str:
    """Write the environment as shell lines; a person's own AWS profile would get in the way."""
    lines = [f"export {name}={shlex.quote(value)}" for name, value in environment.items()]
    return "\n".join([*lines, "unset AWS_PROFILE AWS_SESSION_TOKEN"])
