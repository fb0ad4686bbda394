"""The command line of the sandbox: `python -m sandbox`, called by the Makefile."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sandbox import control_plane, lifecycle, report
from sandbox.environment import exports
from sandbox.errors import SandboxError
from sandbox.layout import CODE, Layout
from sandbox.progress import Progress
from sandbox.state import State, load
from sandbox.toolchain import install

COULD_NOT_RUN = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 as asked, 1 something is down, 2 wrong input, 3 could not run."""
    options = parser().parse_args(arguments)
    verb: Callable[[argparse.Namespace], int] = options.verb
    try:
        return verb(options)
    except SandboxError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return COULD_NOT_RUN
    except KeyboardInterrupt:
        print("\nsandbox: interrupted; what is done stays, `make up` goes on, `make down` removes it", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """Describe the verbs."""
    top = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    top.add_argument("--root", type=lambda text: Path(text).resolve(), default=CODE, help="where .sandbox/ is")
    verbs = top.add_subparsers(required=True)
    up = _verb(verbs, "up", _up, "start everything, then deploy stack dev")
    up.add_argument("--clusters", default=",".join(lifecycle.CLUSTERS), help="names with commas between them")
    up.add_argument("--no-deploy", action="store_true", help="start the servers only")
    up.add_argument("--bare", action="store_true", help="leave out the definitions of others: a benchmark's clusters")
    _verb(verbs, "down", _down, "stop and remove everything")
    status = _verb(verbs, "status", _status, "say what runs")
    status.add_argument("--json", action="store_true")
    _verb(verbs, "env", _env, "print shell exports")
    _verb(verbs, "toolchain", _toolchain, "build and place the tools only")
    run = _verb(verbs, "exec", _exec, "run a command in the environment of the sandbox")
    run.add_argument("command", nargs=argparse.REMAINDER)
    cluster = _verb(verbs, "cluster", _cluster, "start or stop one cluster; its data and ports stay")
    cluster.add_argument("action", choices=["start", "stop"])
    cluster.add_argument("name")
    return top


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], int],
    text: str,
) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=text, description=text)
    verb.set_defaults(verb=run)
    return verb


def _up(options: argparse.Namespace) -> int:
    state = lifecycle.up([name for name in options.clusters.split(",") if name], options.root, bare=options.bare)
    print(report.summary(state), flush=True)
    return 0 if options.no_deploy else _deploy(state)


def _deploy(state: State) -> int:
    """Deploy stack dev with the product's own command, show it, and say what to try next."""
    for command in (["aoa", "up", "--stack", "dev", "--yes"], ["aoa", "status", "--stack", "dev"]):
        print(f"\n$ {' '.join(command)}", flush=True)
        code = _run(command, state)
        if code:
            return code
    print(report.NEXT)
    return 0


def _down(options: argparse.Namespace) -> int:
    if not Layout(options.root).home.exists():
        print("nothing to remove")
        return 0
    lifecycle.down(options.root)
    print("kept for the next time: .venv and the tools in the user's cache")
    return 0


def _status(options: argparse.Namespace) -> int:
    state = load(options.root)
    print(report.as_json(state) if options.json else report.summary(state))
    return 0 if report.all_up(state) or not state.ports() else 1


def _env(options: argparse.Namespace) -> int:
    print(exports(_started(options).environment()))
    return 0


def _toolchain(options: argparse.Namespace) -> int:
    tools, engine = install.chosen_tools()
    install.install(Layout(options.root), tools, Progress(len(tools) + 1))
    print(f"pulumi: {engine}")
    return 0


def _exec(options: argparse.Namespace) -> int:
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    return _run(command, _started(options))


def _cluster(options: argparse.Namespace) -> int:
    _started(options)
    with Progress(1).step(f"{options.action} {options.name}") as note:
        if options.action == "start":
            note(control_plane.start(options.name, options.root).url)
        else:
            control_plane.stop(options.name, options.root)
            note("stopped; its data and its ports stay")
    return 0


def _started(options: argparse.Namespace) -> State:
    state = load(options.root)
    if not state.ports():
        raise SandboxError("nothing runs here yet: `make up` starts it")
    return state


def _run(command: Sequence[str], state: State) -> int:
    """Run a command as the user's shell would after `eval "$(make -s env)"`, from the checkout."""
    environment = {**os.environ, **state.environment()}
    for foreign in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        environment.pop(foreign, None)
    binary = shutil.which(command[0], path=environment["PATH"]) if command else None
    if not binary:
        raise SandboxError(f"no command {' '.join(command[:1])!r} on PATH")
    with subprocess.Popen([binary, *command[1:]], env=environment, cwd=CODE) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                # The command got the Ctrl-C too; it ends in its own clean way.
                continue
