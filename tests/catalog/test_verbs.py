"""`aoa validate`, `aoa new child` and `aoa schema`: what they print and how they exit."""

import json
from pathlib import Path

import pytest

from appofapps.cli.main import run
from tests.catalog.minimal import FILES, write

BROKEN = {**FILES, "apps/cart.yaml": FILES["apps/cart.yaml"].replace("- orders", "- oders")}


def test_validate_prints_each_problem_on_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Problems go to stdout, one a line, and the exit code says wrong input."""
    assert run(["validate", "--catalog", str(write(tmp_path, BROKEN))]) == 2

    line = f"{tmp_path}/apps/cart.yaml:10: needs 'oders': no such app; did you mean 'orders'?"
    assert capsys.readouterr().out.splitlines() == [line]


def test_validate_of_a_good_catalog_is_quiet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing wrong is exit 0 and nothing on stdout."""
    assert run(["validate", "--catalog", str(write(tmp_path))]) == 0
    assert capsys.readouterr().out == ""


def test_validate_in_automation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--json` gives every part of a problem on its own."""
    assert run(["validate", "--json", "--catalog", str(write(tmp_path, BROKEN))]) == 2

    assert json.loads(capsys.readouterr().out) == {
        "problems": [
            {
                "file": f"{tmp_path}/apps/cart.yaml",
                "line": 10,
                "path": "needs[0]",
                "message": "needs 'oders': no such app",
                "hint": "did you mean 'orders'?",
            }
        ],
        "notes": [],
        "children": 4,
    }


def test_validate_looks_at_the_stacks_around_the_catalog(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A stack file beside the catalog that names no environment is one of the problems."""
    write(tmp_path / "catalog")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  app-of-apps:environment: dve\n")

    assert run(["validate", "--catalog", str(tmp_path / "catalog")]) == 2
    assert "Pulumi.dev.yaml:2: environment 'dve': no such environment; did you mean 'dev'?" in capsys.readouterr().out


def test_a_new_child_is_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first time it says what it wrote; the second time it refuses, exit 2."""
    command = ["new", "child", "fresh", "--kind", "function", "--catalog", str(write(tmp_path))]

    assert run(command) == 0
    assert f"wrote {tmp_path}/functions/fresh/handler.py" in capsys.readouterr().out
    assert run(command) == 2
    assert "is there already" in capsys.readouterr().err


def test_schema_check_is_for_continuous_integration(tmp_path: Path) -> None:
    """`--check` writes nothing and exits 1 until `aoa schema` has written the file."""
    catalog = ["--catalog", str(write(tmp_path))]

    assert [run(["schema", "--check", *catalog]), run(["schema", *catalog]), run(["schema", "--check", *catalog])] == [
        1,
        0,
        0,
    ]
