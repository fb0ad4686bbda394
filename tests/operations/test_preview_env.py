"""Previews: who is admitted, what is over, and when. The clock is an argument."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appofapps.catalog.models.previews import Preview, Previews
from appofapps.catalog.problems import CatalogError
from appofapps.engine.results import EngineError, ResourceName, State, StateResource
from appofapps.operations import preview_env, preview_reap
from appofapps.operations.preview_reap import Reaping, Scope, due
from appofapps.operations.preview_records import PreviewStack, described
from appofapps.operations.refusal import Refusal, RefusedError
from appofapps.operations.session import Project, Session
from tests.operations.fakes import API, FakeEngine, FakeWorld, catalog, child, result, session, state

NOW = datetime(2026, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def stack(pr: int, *, repository: str = "", days: int = 1) -> PreviewStack:
    """Return a preview that expires in some days."""
    record = Preview.model_validate(
        {"environment": "dev", "pr": pr, "ref": "1234567", "children": ["web"], "repository": repository,
         "created": NOW - DAY, "expires": NOW + days * DAY}
    )  # fmt: skip
    return PreviewStack(record.name, record, record.expires <= NOW, 9)


def project(folder: Path, **rules: object) -> Project:
    """Return a project whose catalog allows one preview a repository."""
    document = {**API, "kind": "previews", "environment": "dev", "domain": "p.example.org", "most": 1, **rules}
    return Project(folder, replace(catalog(child("web")), previews=Previews.model_validate(document)), {})


def asked(**fields: object) -> preview_env.Request:
    """Return what pull request 12 asks for."""
    return preview_env.Request(**{"pr": 12, "ref": "abcdef0", "children": ("web",), "labels": ("preview",), **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("there", "request_", "message"),
    [
        ((), asked(labels=("bug",)), "does not have the label 'preview'"),
        ((stack(3, days=-1),), asked(), "preview limit reached: 1 of 1: pr-3 (expired)"),
        ((stack(3, repository="acme/shop"),), asked(repository="acme/shop"), "1 of 1 of acme/shop: pr-shop-3"),
        ((stack(12, repository="b/shop"),), asked(repository="a/shop"), "is of repository 'b/shop'"),
        ((), asked(ref="main"), "should match pattern"),
        ((), asked(images=(("web", "server:latest"),)), "should match pattern"),
        ((), asked(children=("wbe",)), "no such app"),
    ],
)
def test_what_is_refused_changes_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    there: tuple[PreviewStack, ...],
    request_: preview_env.Request,
    message: str,
) -> None:
    """Without the label, over the limit, of a moving image or an unknown child: told, and no file is written."""
    monkeypatch.setattr(preview_env, "preview_stacks", lambda *_: there)

    with pytest.raises((RefusedError, CatalogError)) as raised:
        preview_env.up(project(tmp_path), request_, NOW)

    assert message in str(raised.value)
    assert list(tmp_path.iterdir()) == []


def test_a_catalog_without_rules_has_no_previews(tmp_path: Path) -> None:
    """It says which file to write."""
    with pytest.raises(RefusedError) as raised:
        preview_env.up(Project(tmp_path, catalog(child("web")), {}), asked(), NOW)

    assert "previews.yaml" in raised.value.advice


def test_time_and_pull_requests_decide_what_is_over() -> None:
    """Expired, closed, no longer among the open ones, never recorded; of other repositories only time counts."""
    stacks = (stack(1), stack(2, days=-1), stack(3), stack(1, repository="a/x"), PreviewStack("pr-9", None))

    def names(scope: Scope) -> list[str]:
        return [each.preview.name for each in due(stacks, scope)]

    assert names(Scope()) == ["pr-2", "pr-9"]
    assert names(Scope(closed=frozenset({3}))) == ["pr-2", "pr-3", "pr-9"]
    assert names(Scope(open=frozenset({3}))) == ["pr-1", "pr-2", "pr-9"]
    assert names(Scope("a/x", open=frozenset())) == ["pr-2", "pr-x-1", "pr-9"]


class Clusters:
    """A world with one namespace of a preview that has a stack, and one of a preview that has none."""

    def previews(self, clusters: object) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
        """Return them."""
        return {"eu-1": {"pr-1-web": "pr-1", "pr-7-web": "pr-7"}}, {}


def test_a_dry_run_tells_and_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is removed; orphans are counted; the exit code says that there is something to do."""
    monkeypatch.setattr(preview_reap, "preview_stacks", lambda *_: (stack(1, days=-1),))

    report = preview_reap.reap(project(tmp_path), Scope(), NOW, world=Clusters())  # type: ignore[arg-type]

    assert [each.preview.name for each in report.due] == ["pr-1"]
    assert report.orphans == {"eu-1": ("pr-7-web",)}
    assert (report.runs, report.removed, report.exit_code) == ((), (), 1)
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_begins_no_other_removal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever pressed Ctrl-C wants no further deletion; what was done is told."""
    engines = {name: FakeEngine(now=state("web@eu-1"), does=result(interrupted=True)) for name in ("pr-1", "pr-2")}
    report = reaped(tmp_path, monkeypatch, engines)

    assert (len(report.runs), report.removed, report.exit_code) == (1, (), 1)
    assert not engines["pr-2"].asked("up")


@pytest.mark.parametrize("trouble", [
    EngineError("no backend"), RefusedError([Refusal("web@eu-1", "no snapshot can be taken")]), OSError("disk full"),
])  # fmt: skip
def test_one_that_cannot_be_removed_leaves_the_others_to_go(
    trouble: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named with the reason, and the rest is gone."""

    def fail() -> None:
        raise trouble

    engines = {name: FakeEngine(now=state("web@eu-1"), does=result()) for name in ("pr-1", "pr-2")}
    engines["pr-1"].during = fail
    report = reaped(tmp_path, monkeypatch, engines)

    assert (report.removed, report.failures, report.exit_code) == (("pr-2",), (f"pr-1: {trouble}",), 1)


def reaped(folder: Path, monkeypatch: pytest.MonkeyPatch, engines: Mapping[str, FakeEngine]) -> Reaping:
    """Remove previews 1 and 2, which are over, from a world in which they then are gone."""
    monkeypatch.setattr(preview_reap, "preview_stacks", lambda *_: (stack(1, days=-1), stack(2, days=-1)))

    def opened(_: Project, preview: PreviewStack, __: object) -> Session:
        return session(catalog(child("web")), engines[preview.name], FakeWorld(left=()))

    monkeypatch.setattr(preview_reap, "_session", opened)
    return preview_reap.reap(project(folder), Scope(), NOW, really=True, world=Clusters())  # type: ignore[arg-type]


def test_a_state_says_what_it_is_a_preview_of() -> None:
    """The record is an input of the parent; a stack of the same name without one is nobody's preview."""
    record = stack(1).record
    assert record
    kind = "appofapps:components:ParentApp"
    inputs = {"preview": record.model_dump(mode="json")}
    parent = StateResource(ResourceName("urn", kind, None, "shop"), "", inputs, {})

    assert described("pr-1", State((parent,), ()), NOW).record == record
    assert described("pr-1", State((), ()), NOW).record is None
