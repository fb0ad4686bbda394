"""Every resource type of the stand-in against moto, called as the engine calls it."""
# ruff: noqa: D103  (the tests are named by what they say)

from __future__ import annotations

from collections.abc import Callable

import pytest
from pulumi.runtime.proto import provider_pb2

from sandbox.aws.servicer import known_types
from sandbox.aws.wire import UNKNOWN, Props
from tests.sandbox.aws.cases import CASES, Case
from tests.sandbox.aws.engine import AbortedError, Engine, Made

each_type = pytest.mark.parametrize("case", CASES, ids=lambda case: case.type_.rpartition(":")[2])


@pytest.fixture
def world(engine: Engine, moto_address: str) -> Callable[[Case], tuple[Props, Made]]:
    """Make what a case needs, and the resource itself."""

    def prepare(case: Case) -> tuple[Props, Made]:
        for type_, inputs in case.needs:
            engine.create(type_, inputs)
        inputs = addressed(case.inputs, moto_address)
        return inputs, engine.create(case.type_, inputs)

    return prepare


def addressed(inputs: Props, moto_address: str) -> Props:
    return {
        key: value.replace("{address}", moto_address) if isinstance(value, str) else value
        for key, value in inputs.items()
    }


def test_there_is_a_case_for_every_type() -> None:
    assert sorted(case.type_ for case in CASES) == sorted(known_types())


@each_type
def test_made_and_made_again_there_is_nothing_to_do(case, world, engine) -> None:
    inputs, made = world(case)
    assert made.id
    again = engine.diff(made, inputs)
    assert (list(again.diffs), list(again.replaces)) == ([], [])
    read = engine.read(made)
    assert (read.id, read.inputs, read.state) == (made.id, made.inputs, made.state)


@each_type
def test_a_change_in_place_reaches_aws(case, world, engine) -> None:
    inputs, made = world(case)
    if not case.change:
        pytest.skip("nothing of it changes in place")
    diff = engine.diff(made, {**inputs, **case.change})
    assert set(case.change) <= set(diff.diffs)
    assert not diff.replaces
    assert diff.changes == provider_pb2.DiffResponse.DIFF_SOME
    updated = engine.update(made, {**inputs, **case.change})
    read = engine.read(updated)
    assert (read.inputs, read.state) == (updated.inputs, updated.state)
    assert not engine.diff(read, {**inputs, **case.change}).diffs
    imported = engine.read(Made(case.type_, case.import_id(updated)))
    assert not engine.diff(imported, {**inputs, **case.change}).diffs


@each_type
def test_a_hand_edit_is_found_and_repaired(case, world, engine, aws) -> None:
    inputs, made = world(case)
    case.break_(aws, made)
    found = engine.read(made)
    if not case.drift:
        assert found.id == ""
        return
    diff = engine.diff(found, inputs)
    assert set(diff.diffs) == case.drift
    assert not diff.replaces
    repaired = engine.update(found, inputs)
    assert engine.read(repaired).inputs == made.inputs


@each_type
def test_what_cannot_change_is_replaced(case, world, engine, moto_address) -> None:
    inputs, made = world(case)
    diff = engine.diff(made, {**inputs, **addressed(case.replace, moto_address)})
    assert list(diff.replaces) == list(case.replace)
    renamed = set(case.replace) & {"name", "bucket", "queueUrl", "targetId", "functionName", "eventSourceArn"}
    assert diff.deleteBeforeReplace == (not renamed)


@each_type
def test_imported_by_its_name_there_is_nothing_to_do(case, world, engine) -> None:
    inputs, made = world(case)
    imported = engine.read(Made(case.type_, case.import_id(made)))
    assert imported.id == made.id
    assert list(engine.diff(imported, inputs).diffs) == []
    # The engine keeps the imported state with the program's inputs; from then on everything is compared.
    kept = Made(case.type_, imported.id, engine.check(case.type_, inputs), imported.state)
    assert list(engine.diff(kept, inputs).diffs) == []


@each_type
def test_deleted_twice_it_is_gone(case, world, engine) -> None:
    inputs, made = world(case)
    engine.delete(made)
    assert engine.read(made).id == ""
    engine.delete(made)
    assert engine.create(case.type_, inputs).id


@each_type
def test_a_second_of_the_same_name_is_refused_where_aws_does(case, world, engine) -> None:
    inputs, made = world(case)
    if case.conflict:
        with pytest.raises(AbortedError, match=case.conflict):
            engine.create(case.type_, inputs)
    else:
        assert engine.create(case.type_, inputs).id == made.id


@each_type
def test_a_preview_of_a_creation_leaves_what_aws_decides_unknown(case, engine, aws) -> None:
    inputs = {**case.inputs, **{key: UNKNOWN for key in ("role", "functionVersion", "queueUrl") if key in case.inputs}}
    planned = engine.create(case.type_, inputs, preview=True)
    assert planned.id == ""
    assert planned.state.get("arn", UNKNOWN) == UNKNOWN or "arn" in case.inputs
