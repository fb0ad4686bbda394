"""The workflows: they never ran where they were written, so what can be known without GitHub is held here."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from appofapps.cli.main import app

GITHUB = Path(__file__).parents[2] / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
ACTIONS = sorted((GITHUB / "actions").glob("*/action.yml"))
EVENTS: Any = True
"""What YAML 1.1 makes of the key `on`."""


def read(file: Path) -> Any:
    """Parse a workflow or an action."""
    return yaml.safe_load(file.read_text())


def steps(file: Path) -> Iterator[dict[str, Any]]:
    """Yield every step of a workflow's jobs, or of an action."""
    document = read(file)
    for job in document.get("jobs", {"": document.get("runs")}).values():
        yield from job["steps"]


def calls(script: str) -> Iterator[list[str]]:
    """Yield the arguments of every `aoa` in a script; a variable of the shell is taken for a number."""
    for command in re.findall(r"\baoa ((?:[^|&;>\n\\]|\\\n)*)", script):
        yield shlex.split(re.sub(r"\$\w+", "1", command.replace("\\\n", " ")))


@pytest.mark.parametrize("file", [*WORKFLOWS, *ACTIONS], ids=lambda file: f"{file.parent.name}/{file.name}")
def test_what_a_step_uses_and_runs(file: Path) -> None:
    """Actions by full version, scripts without a word that a stranger may write, verbs and flags that exist."""
    for step in steps(file):
        uses, script = step.get("uses", ""), step.get("run", "")
        assert not uses or re.search(r"@v\d+\.\d+\.\d+$", uses) or (GITHUB.parent / uses / "action.yml").exists(), uses
        assert "${{" not in script, "what GitHub writes into a script is run: pass it in `env`"
        for arguments in calls(script):
            parsed(arguments)


def parsed(arguments: list[str]) -> None:
    """Parse a command line as `aoa` does, and run nothing; raises KeyError or a usage error."""
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands"):
        command = command.commands[arguments.pop(0)]
    command.make_context("aoa", arguments)


def test_the_verbs_are_found() -> None:
    """The search for `aoa` in scripts finds those there are."""
    found = [each for file in WORKFLOWS for step in steps(file) for each in calls(step.get("run", ""))]
    assert {each[0] for each in found} == {"validate", "preview", "preview-env", "up"}
    with pytest.raises(Exception, match="No such option"):
        parsed(["preview", "--stack", "dev", "--markdwon"])


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_what_a_workflow_may_do(file: Path) -> None:
    """Rights are listed and few; credentials are for pull requests of this repository alone, never for a fork's."""
    document, text = read(file), file.read_text()
    assert set(document["permissions"].items()) <= {
        ("contents", "read"), ("id-token", "write"), ("pull-requests", "read"), ("pull-requests", "write"),
    }  # fmt: skip
    assert document.get("concurrency") or all("concurrency" in job for job in document["jobs"].values())
    assert "pull_request_target" not in text
    assert "issue_comment" not in text
    trusted = ("secrets." in text) or "id-token" in document["permissions"]
    if "pull_request" in document[EVENTS] and trusted:
        own = "github.event.pull_request.head.repo.full_name == github.repository"
        assert all(own in job["if"] for job in document["jobs"].values())


def test_one_comment_however_many_pushes(tmp_path: Path) -> None:
    """The first push writes the comment, the second writes the same one anew."""
    script = next(step["run"] for step in steps(GITHUB / "actions/comment/action.yml"))
    gh = tmp_path / "gh"
    gh.write_text('#!/bin/bash\necho "$@" >> calls\n[[ $* == *--method* ]] || cat ids\n')
    gh.chmod(0o755)
    (tmp_path / "text.md").write_text("Nothing changes.\n")
    given = {"MARK": "<!-- m -->", "FILE": "text.md", "REF": "abc", "NUMBER": "7", "GITHUB_REPOSITORY": "o/r"}
    path = f"{tmp_path}:{os.environ['PATH']}"
    for ids in ("", "41\n42\n"):
        (tmp_path / "ids").write_text(ids)
        environment = {**given, "PATH": path, "RUNNER_TEMP": str(tmp_path)}
        subprocess.run(["bash", "-eo", "pipefail", "-c", script], cwd=tmp_path, env=environment, check=True)

    writes = [line for line in (tmp_path / "calls").read_text().splitlines() if "--method" in line]
    assert "--method POST repos/o/r/issues/7/comments" in writes[0]
    assert "--method PATCH repos/o/r/issues/comments/42" in writes[1]
    assert (tmp_path / "comment.md").read_text() == "<!-- m -->\nNothing changes.\n\nAt commit abc.\n"
