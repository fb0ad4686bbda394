"""A new kind of child is its model, its component, and a line for each: nothing in `appofapps/plan/` knows of it."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MODEL = '''
"""The kind `note`: a text in a cluster."""

from typing import ClassVar, Literal

from appofapps.catalog.models.base import Model
from appofapps.catalog.models.child import TENANCY_RESOURCES, ChildFile, ObjectType


class NoteSpec(Model):
    """What it says."""

    text: str


class Note(ChildFile):
    """A ConfigMap that says something."""

    RESOURCES: ClassVar[frozenset[str]] = TENANCY_RESOURCES | {"note"}

    kind: Literal["note"]
    spec: NoteSpec

    @property
    def main_resource(self) -> str:
        """The ConfigMap."""
        return "note"

    @property
    def main_object(self) -> ObjectType:
        """The ConfigMap."""
        return ObjectType("v1", "configmaps", "ConfigMap")
'''

COMPONENT = '''
"""`Note`: a text in a cluster."""

from appofapps.catalog.models.note import Note as NoteModel
from components.child import ChildComponent, Resources
from components.kubernetes.metadata import release_metadata


class Note(ChildComponent[NoteModel]):
    """A ConfigMap; ready when it is there."""

    def build(self) -> Resources:
        """Make it."""
        text = {"text": self.planned.child.spec.text}
        document = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": release_metadata(self.planned), "data": text}
        return [self.create_object("note", document)]
'''

PROGRAM = """
from pathlib import Path

import appofapps.plan
from appofapps.catalog.load import load
from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.schema import schema
from appofapps.plan.resolve import resolve
from appofapps.plan.validation import validated
from components.parent import ParentApp
from tests.catalog.minimal import FILES, write
from tests.components.engine import run

assert Path(appofapps.plan.__file__).is_relative_to(Path.cwd()), "not the copy"
head = "apiVersion: appofapps.dev/v1\\nkind: note\\nname: motd\\nversion: 1.0.0\\n"
owner = FILES["apps/cart.yaml"].partition("owner:")[2].partition("needs:")[0]
note = f"{head}owner:{owner}needs: [cart]\\nspec: {{text: hello}}\\n"
patched = note + "patches:\\n  - {resource: note, merge: {data: {more: x}}}\\n"
reader = FILES["apps/report.yaml"].replace("target:", "needs: [motd]\\ntarget:")
root = write(Path("catalog"), {**FILES, "apps/motd.yaml": patched, "apps/report.yaml": reader})
assert validated(root, root).problems == (), validated(root, root).problems
plan = resolve(load(root), StackTarget(environment="prod"))
engine = run(lambda: ParentApp(plan))
made = engine.named("motd@eu-1/note")
assert made.inputs["data"] == {"text": "hello", "more": "x"}, made
assert made.inputs["metadata"]["namespace"] == "prod-motd"
assert engine.named("report@eu-1/namespace").depends_on == {"motd@eu-1/note"}
assert engine.named("motd@eu-1/namespace").depends_on == {"cart@eu-1/deployment"}
assert "note" in schema()["properties"]["kind"]["enum"]
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """Add the kind `note` to a copy of the code: two modules and two lines, everything else as it is."""
    for room in ("appofapps", "components"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "appofapps/catalog/models/note.py").write_text(MODEL.lstrip())
    (tmp_path / "components/note.py").write_text(COMPONENT.lstrip())
    line = "from appofapps.catalog.models.note import Note\n\nChild = Annotated[Note | "
    _replace(tmp_path / "appofapps/catalog/models/kinds.py", "Child = Annotated[", line)
    _replace(tmp_path / "components/kinds.py", "KINDS: Final", "from components.note import Note\n\nKINDS: Final")
    _replace(tmp_path / "components/kinds.py", '    "workload":', '    "note": Note,\n    "workload":')
    return tmp_path


def test_a_kind_is_added_without_touching_the_plan(code: Path) -> None:
    """A child of the new kind is validated, planned, ordered, patched, deployed and in the schema."""
    path = os.pathsep.join([str(code), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=code, env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


def test_the_plan_knows_no_kind() -> None:
    """Nothing in `appofapps/plan/` imports the model of one kind, or compares with the name of one."""
    shared = {
        "base", "child", "kinds", "namespace_rules", "parent", "permission", "pod", "previews", "quantity", "quota",
        "tenant",
    }  # fmt: skip
    for module in (ROOT / "appofapps/plan").rglob("*.py"):
        tree = ast.parse(module.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("appofapps.catalog.models."):
                assert (node.module or "").rpartition(".")[2] in shared, f"{module} knows {node.module}"
            if isinstance(node, ast.Compare):
                assert not any(
                    isinstance(side, ast.Attribute) and side.attr == "kind" for side in (node.left, *node.comparators)
                ), f"{module}:{node.lineno} asks what kind a child is"


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text, f"{file} has another shape now: no {old!r}"
    file.write_text(text.replace(old, new, 1))
