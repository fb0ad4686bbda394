"""Put the tools into the checkout: `.sandbox/bin` for commands, PULUMI_HOME for the providers."""

import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from sandbox.errors import SandboxError
from sandbox.layout import CODE, Layout
from sandbox.progress import Progress
from sandbox.toolchain import build, system
from sandbox.toolchain.definitions import DEFINITIONS
from sandbox.toolchain.tools import (
    AWS_PLUGIN_VERSION,
    ENGINE,
    KUBERNETES_PLUGIN_VERSION,
    PROVIDER,
    PULUMI_VERSION,
    SERVERS,
    Tool,
)

STAND_IN, OFFICIAL = "stand-in (moto)", "official"


def chosen_tools() -> tuple[tuple[Tool, ...], str]:
    """Choose what has to be built, and say which engine is in use."""
    found = system.look(os.environ.get("PATH", ""))
    if system.usable(found, demanded=os.environ.get("AOA_TOOLCHAIN") == "system"):
        assert found
        return (PROVIDER, *SERVERS), f"{found.version} from PATH ({found.path})"
    return (*ENGINE, PROVIDER, *SERVERS), f"{PULUMI_VERSION} built from its Go modules"


def install(layout: Layout, tools: Sequence[Tool], progress: Progress) -> None:
    """Build what is missing in the cache and place everything in the checkout; definitions stay in the cache."""
    with progress.step("definitions of others") as note:
        build.ensure(DEFINITIONS, build.cache_folder(), note)
    for tool in tools:
        with progress.step(f"toolchain: {tool.name}") as note:
            folder = build.ensure(tool, build.cache_folder(), note)
            # On PATH a provider would be an ambient plugin, which the engine warns about.
            is_provider = tool is PROVIDER
            target = plugin_folder(layout, "kubernetes", KUBERNETES_PLUGIN_VERSION) if is_provider else layout.bin
            for binary in folder.iterdir():
                _place(binary, target / binary.name)
    _without_debug_log(layout)


def _without_debug_log(layout: Layout) -> None:
    """Keep Pulumi from writing its debug log of every run: no switch turns it off, but it needs the folder `logs`.

    A file of that name is in its way. The log takes about 40 % of the engine's processor time in a preview without
    changes (6.7 s with it, 2.5 s without, at 50 children), for plain `pulumi` as for `aoa`.
    """
    logs = layout.pulumi_home / "logs"
    if not logs.exists():
        logs.write_text("A file, so that no debug log is written; remove it to have one.\n")


def install_aws(layout: Layout) -> str:
    """Install the stand-in for the `aws` provider unless the official one is there; say which one is in use."""
    folder = plugin_folder(layout, "aws", AWS_PLUGIN_VERSION)
    label, binary = folder / "STAND-IN", folder / "pulumi-resource-aws"
    if binary.exists() and not label.exists():
        return OFFICIAL
    official = _official(folder.name)
    if official:
        shutil.rmtree(folder, ignore_errors=True)
        _place(official, binary)
        return OFFICIAL
    if os.environ.get("AOA_AWS") == OFFICIAL:
        raise SandboxError(
            f"AOA_AWS=official, but the aws plugin {AWS_PLUGIN_VERSION} is neither on PATH nor in ~/.pulumi/plugins: "
            f"install it with `pulumi plugin install resource aws {AWS_PLUGIN_VERSION}`"
        )
    folder.mkdir(parents=True, exist_ok=True)
    label.write_text("sandbox/aws plays the aws provider against moto; the official plugin is not installed.\n")
    binary.write_text(
        f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(CODE))} exec {shlex.quote(sys.executable)} -m sandbox.aws "$@"\n'
    )
    binary.chmod(0o755)
    return STAND_IN


def plugin_folder(layout: Layout, name: str, version: str) -> Path:
    """Name the folder where the engine looks for a provider."""
    return layout.pulumi_home / "plugins" / f"resource-{name}-v{version}"


def _official(folder_name: str) -> Path | None:
    """Find the official aws plugin of this machine's user."""
    on_path = shutil.which("pulumi-resource-aws")
    own = Path.home() / ".pulumi" / "plugins" / folder_name / "pulumi-resource-aws"
    return Path(on_path) if on_path else own if own.exists() else None


def _place(source: Path, target: Path) -> None:
    """Link a file, or copy it across file systems. No symbolic link: the engine looks for its parts beside itself."""
    if target.exists() and _same(source, target):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".new-{target.name}")
    draft.unlink(missing_ok=True)
    try:
        draft.hardlink_to(source)
    except OSError:
        shutil.copy2(source, draft)
    draft.replace(target)


def _same(one: Path, other: Path) -> bool:
    a, b = one.stat(), other.stat()
    return a.st_ino == b.st_ino or (a.st_size == b.st_size and a.st_mtime == b.st_mtime)
