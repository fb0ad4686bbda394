"""Functions of the stand-in: their code, their versions, and what follows an alias."""
# ruff: noqa: D103  (the tests are named by what they say)

from __future__ import annotations

from pathlib import Path

from sandbox.aws.archive import sha256, zipped
from sandbox.aws.wire import ARCHIVE, SIGNATURE, UNKNOWN
from tests.sandbox.aws.cases import (
    ALIAS,
    CASES,
    FUNCTION,
    FUNCTION_INPUTS,
    MAPPING,
    ROLE,
    ROLE_INPUTS,
    WITH_FUNCTION,
    code,
)
from tests.sandbox.aws.engine import Made


def test_a_new_version_is_unknown_until_published(engine) -> None:
    for needed in WITH_FUNCTION[:1]:
        engine.create(*needed)
    made = engine.create(FUNCTION, FUNCTION_INPUTS)
    assert made.state["version"] == "1"
    planned = engine.update(made, {**FUNCTION_INPUTS, "code": code("two")}, preview=True)
    unknown = {key for key, value in planned.state.items() if value == UNKNOWN}
    assert unknown == {
        "codeSha256",
        "sourceCodeHash",
        "sourceCodeSize",
        "lastModified",
        "version",
        "qualifiedArn",
        "qualifiedInvokeArn",
    }
    assert planned.state["arn"] == made.state["arn"]
    updated = engine.update(made, {**FUNCTION_INPUTS, "code": code("two")})
    assert updated.state["version"] == "2"
    assert updated.state["qualifiedArn"].endswith(":thumb:2")
    alias = engine.create(ALIAS, {"name": "live", "functionName": "thumb", "functionVersion": "1"})
    assert engine.diff(alias, {"name": "live", "functionName": "thumb", "functionVersion": UNKNOWN}).diffs


def test_tags_alone_publish_nothing_and_a_repair_of_settings_neither(engine, aws) -> None:
    engine.create(ROLE, ROLE_INPUTS)
    made = engine.create(FUNCTION, FUNCTION_INPUTS)
    tagged = engine.update(made, {**FUNCTION_INPUTS, "tags": {"x": "y"}})
    assert tagged.state["version"] == "1"
    aws("lambda").update_function_configuration(FunctionName="thumb", MemorySize=1024)
    repaired = engine.update(engine.read(tagged), {**FUNCTION_INPUTS, "tags": {"x": "y"}})
    assert (repaired.state["memorySize"], repaired.state["version"]) == (256, "1")


def test_code_uploaded_by_hand_is_found_and_replaced_by_ours(engine, aws) -> None:
    engine.create(ROLE, ROLE_INPUTS)
    made = engine.create(FUNCTION, FUNCTION_INPUTS)
    aws("lambda").update_function_code(FunctionName="thumb", ZipFile=zipped(code("evil")))
    found = engine.read(made)
    assert list(engine.diff(found, FUNCTION_INPUTS).diffs) == ["sourceCodeHash"]
    assert engine.update(found, FUNCTION_INPUTS).state["codeSha256"] == made.state["codeSha256"]


def test_code_is_compared_by_the_engines_hash(engine) -> None:
    engine.create(ROLE, ROLE_INPUTS)
    made = engine.create(FUNCTION, {**FUNCTION_INPUTS, "code": {**code("one"), "hash": "h1"}})
    made.inputs["code"] = {SIGNATURE: ARCHIVE, "hash": "h1"}  # as the engine sends it back
    assert not engine.diff(made, {**FUNCTION_INPUTS, "code": {**code("one"), "hash": "h1"}}).diffs
    diff = engine.diff(made, {**FUNCTION_INPUTS, "code": {**code("2"), "hash": "h2"}})
    assert list(diff.diffs) == ["code", "sourceCodeHash"]


def test_the_same_files_are_the_same_code_wherever_they_come_from(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "index.py").write_text("one")
    (tmp_path / "one.zip").write_bytes(zipped(code("one")))
    for path in ("one", "one.zip"):
        archive = {SIGNATURE: ARCHIVE, "path": str(tmp_path / path)}
        assert sha256(zipped(archive)) == sha256(zipped(code("one")))


def test_a_mapping_of_an_alias_that_moved_on_is_no_drift(engine) -> None:
    case = next(case for case in CASES if case.type_ == MAPPING)
    for needed in case.needs:
        engine.create(*needed)
    made = engine.create(MAPPING, case.inputs)
    alias = engine.read(Made(ALIAS, "thumb/live"))
    engine.update(alias, {"name": "live", "functionName": "thumb", "functionVersion": "$LATEST"})
    assert engine.read(made).inputs == made.inputs
