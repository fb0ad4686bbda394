"""The rooms keep their shape: arrows, sizes, and the size of the program itself."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("appofapps", "components", "sandbox", "bench")
MOST_LINES_OF_A_MODULE = 400
MOST_LINES_OF_A_FUNCTION = 50
VAGUE = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "base_utils"}


def modules() -> Iterator[Path]:
    """Yield every module of ours that ships."""
    for room in ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


def functions(module: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the functions of a module, methods included."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_import_arrows_point_left() -> None:
    """Every contract of .importlinter is kept."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_program_is_at_most_25_lines() -> None:
    """`__main__.py` only composes: config, load, resolve, ParentApp, exports."""
    assert len((ROOT / "__main__.py").read_text().splitlines()) <= 25


@pytest.mark.parametrize("module", list(modules()), ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_stay_small(module: Path) -> None:
    """A module over 400 lines has two subjects; a function over 50 lines has two stories."""
    assert len(module.read_text().splitlines()) <= MOST_LINES_OF_A_MODULE
    long = [f.name for f in functions(module) if (f.end_lineno or f.lineno) - f.lineno + 1 > MOST_LINES_OF_A_FUNCTION]
    assert not long, f"{module}: over {MOST_LINES_OF_A_FUNCTION} lines: {long}"


def test_half_of_all_functions_are_short() -> None:
    """The median function has at most 14 lines, as in the code bases we learn from."""
    lengths = sorted((f.end_lineno or f.lineno) - f.lineno + 1 for module in modules() for f in functions(module))
    assert lengths[len(lengths) // 2] <= 14


def test_names_say_what_a_module_is_about() -> None:
    """No module is called after being useful."""
    assert not [module for module in modules() if module.stem in VAGUE]


def test_every_room_has_a_charter() -> None:
    """Each package says in its docstring what lives there."""
    packages = [module for module in modules() if module.name == "__init__.py"]
    assert not [package for package in packages if not ast.get_docstring(ast.parse(package.read_text()))]


def test_dev_and_prod_stacks_have_the_same_keys() -> None:
    """A stack file holds its target and nothing else."""
    keys = {
        name: {line.split(":")[1].strip() for line in (ROOT / name).read_text().splitlines() if "app-of-apps:" in line}
        for name in ("Pulumi.dev.yaml", "Pulumi.prod.yaml")
    }
    allowed = {"environment", "clusters", "select"}
    assert all("environment" in found and found <= allowed for found in keys.values()), keys
