"""The schema for editors: that of the models, and one that accepts and refuses what they do."""

from pathlib import Path

import jsonschema
import pytest
import yaml

from appofapps.catalog.schema import MODELS, is_fresh, schema, write_schema
from tests.catalog.minimal import FILES, write

ROOT = Path(__file__).parents[2] / "catalog"
EDITORS = jsonschema.Draft202012Validator(schema())


def test_the_shipped_schema_is_fresh() -> None:
    """`catalog/schema.json` is what the models say; `aoa schema` writes it."""
    assert is_fresh(ROOT)


def test_an_old_schema_is_noticed(tmp_path: Path) -> None:
    """A missing or a changed schema file is not fresh; a written one is."""
    assert not is_fresh(tmp_path)
    file = write_schema(tmp_path)
    assert is_fresh(tmp_path)

    file.write_text(file.read_text().replace("DaemonSet", "ReplicaSet"))

    assert not is_fresh(tmp_path)


def test_every_shipped_file_refers_to_it() -> None:
    """Editors find the schema from every YAML file of the shipped catalog, and the file satisfies it."""
    folders = ("apps", "clusters", "environments")
    for file in [*ROOT.glob("*.yaml"), *(file for folder in folders for file in (ROOT / folder).rglob("*.yaml"))]:
        first = file.read_text().splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema=")
        assert (file.parent / first.partition("=")[2]).resolve() == ROOT / "schema.json"
        EDITORS.validate(yaml.safe_load(file.read_text()))


@pytest.mark.parametrize("name", sorted(name for name in FILES if name.endswith(".yaml")))
def test_kind_decides_which_fields_there_are(name: str, tmp_path: Path) -> None:
    """A good file satisfies the schema; with an unknown field or an unknown kind it does not."""
    document = yaml.safe_load((write(tmp_path) / name).read_text())

    assert document["kind"] in MODELS
    assert EDITORS.is_valid(document)
    assert not EDITORS.is_valid({**document, "surprise": 1})
    assert not EDITORS.is_valid({**document, "kind": "surprise"})
