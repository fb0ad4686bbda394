"""Preview environments: brought up for a pull request, and extended."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import yaml
from pydantic import ValidationError

from appofapps.catalog.models.base import parse_seconds
from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.models.previews import Preview, Previews, preview_name
from appofapps.catalog.problems import CatalogError
from appofapps.catalog.stacks import PREFIX, stack_file
from appofapps.engine.engine import Engine
from appofapps.operations.deploy import Wish, deploy
from appofapps.operations.edit import put
from appofapps.operations.preview_records import PreviewStack, described, preview_stacks
from appofapps.operations.refusal import Refusal, RefusedError, refuse_any
from appofapps.operations.report import RunReport
from appofapps.operations.session import Project, Session
from appofapps.operations.talk import Talk
from appofapps.plan import conventions as c


@dataclass(frozen=True, slots=True)
class Request:
    """What a pull request asks for."""

    pr: int
    ref: str
    children: tuple[str, ...]
    images: tuple[tuple[str, str], ...] = ()
    labels: tuple[str, ...] = ()
    repository: str = ""
    author: str = ""
    fork: bool = False

    @property
    def name(self) -> str:
        """The name of the preview."""
        return preview_name(self.pr, self.repository)


@dataclass(frozen=True, slots=True)
class PreviewUp:
    """A preview after its `up`."""

    preview: PreviewStack
    run: RunReport

    @property
    def exit_code(self) -> int:
        """Return that of the run."""
        return self.run.exit_code


def up(project: Project, request: Request, now: datetime, talk: Talk | None = None) -> PreviewUp:
    """Deploy the preview of a pull request, or bring it to another commit; its time to live begins anew.

    Raises RefusedError and CatalogError, having changed nothing; EngineError where the engine could not run.
    """
    rules = project.catalog.previews
    if rules is None:
        hint = f"write {project.catalog.root}/previews.yaml; docs/previews.md shows one"
        raise RefusedError([Refusal(request.name, "this catalog allows no previews", hint)])
    refuse_any(_labelled(request, rules))
    there = preview_stacks(project.folder, now)
    refuse_any(_limited(request, rules, there))
    record = _record(request, rules, there, now)
    file = stack_file(project.folder, record.name)
    before = file.read_text(encoding="utf-8") if file.exists() else None
    try:
        session = open_preview(project, record)
        run = deploy(session, Wish(record=True), talk)
    except (RefusedError, CatalogError):
        put(file, before)
        raise
    return PreviewUp(described(record.name, session.engine.state(), now), run)


def extend(project: Project, name: str, by: str, now: datetime) -> PreviewStack:
    """Let a preview live longer, by a duration such as `24h`: from its expiry, or from now where that is over.

    Only the record in the state, and the settings here, are changed. Raises RefusedError, EngineError.
    """
    found = next((each for each in preview_stacks(project.folder, now) if each.name == name), None)
    if found is None or found.record is None:
        raise RefusedError([Refusal(name, "there is no such preview", "`aoa preview-env list` shows them")])
    try:
        longer = timedelta(seconds=parse_seconds(by))
    except ValueError as error:
        raise RefusedError([Refusal("--by", str(error))]) from None
    record = found.record.model_copy(update={"expires": max(found.record.expires, now) + longer})
    write_settings(project.folder, record)
    Engine(project.folder, name).note(c.INPUT_PREVIEW, record.model_dump(mode="json"))
    return replace(found, record=record, expired=False)


def open_preview(project: Project, record: Preview) -> Session:
    """Write the settings of a preview's stack, and open it. Raises CatalogError where the catalog does not fit it."""
    write_settings(project.folder, record)
    target = StackTarget(environment=record.environment, preview=record)
    return replace(project, stacks={**project.stacks, record.name: target}).session(record.name)


def write_settings(folder: Path, record: Preview) -> Path:
    """Write the settings of a preview's stack, which belong to no commit; return their path."""
    file = stack_file(folder, record.name)
    document = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}
    settings = {
        f"{PREFIX}environment": record.environment,
        f"{PREFIX}{c.CONFIG_PREVIEW}": record.model_dump(mode="json"),
    }
    file.write_text(yaml.safe_dump({**(document or {}), "config": settings}, sort_keys=False), encoding="utf-8")
    return file


def _record(request: Request, rules: Previews, there: tuple[PreviewStack, ...], now: datetime) -> Preview:
    """Return the record to be; an earlier `extend` stays. Raises RefusedError where it is none."""
    last = next((each.record for each in there if each.name == request.name), None)
    expires = now + timedelta(seconds=rules.ttl)
    fields = {
        "environment": rules.environment, "pr": request.pr, "ref": request.ref, "children": request.children,
        "images": dict(request.images), "repository": request.repository, "author": request.author,
        "fork": request.fork, "created": last.created if last else now,
        "expires": max(expires, last.expires) if last else expires,
    }  # fmt: skip
    try:
        return Preview.model_validate(fields)
    except ValidationError as error:
        refusals = [Refusal("--" + ".".join(map(str, each["loc"])), each["msg"]) for each in error.errors()]
        raise RefusedError(refusals) from None


def _labelled(request: Request, rules: Previews) -> Iterator[Refusal]:
    if rules.label not in request.labels:
        hint = f"somebody who may label pull requests sets {rules.label!r}; the workflow passes it on as --label"
        yield Refusal(request.name, f"the pull request does not have the label {rules.label!r}", hint)


def _limited(request: Request, rules: Previews, there: tuple[PreviewStack, ...]) -> Iterator[Refusal]:
    for each in there:
        if each.record and each.name == request.name and each.record.repository != request.repository:
            message = f"the preview of this name is of repository {each.record.repository or '(none)'!r}"
            yield Refusal(request.name, message, "give the repositories names of their own")
    others = [e for e in there if e.record and e.record.repository == request.repository and e.name != request.name]
    if len(others) >= rules.most:
        names = ", ".join(f"{each.name}{' (expired)' if each.expired else ''}" for each in others)
        where = f" of {request.repository}" if request.repository else ""
        message = f"preview limit reached: {len(others)} of {rules.most}{where}: {names}"
        yield Refusal(request.name, message, "close one, or remove what is over: aoa preview-env reap")
