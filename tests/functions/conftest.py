"""Loads the functions of the shipped catalog as Lambda does: alone, with their own folder first on the path."""

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import yaml
from moto import mock_aws

CATALOG = Path(__file__).parents[2] / "catalog"
Load = Callable[[str], ModuleType]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    """Return what loads the code of a function anew, with the environment of its catalog file."""
    # Nothing may be written beside the code: what lies there is the function's archive.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def load_function(name: str) -> ModuleType:
        child: dict[str, Any] = yaml.safe_load((CATALOG / "apps" / f"{name}.yaml").read_text())
        folder = CATALOG / child["spec"]["code"]
        for variable, value in child["spec"].get("environment", {}).items():
            monkeypatch.setenv(variable, value)
        monkeypatch.syspath_prepend(str(folder))
        return _execute(folder / f"{child['spec']['handler'].split('.')[0]}.py", name)

    return load_function


def _execute(file: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"function_{name}", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Answer AWS calls in this process; nothing reaches the network."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield


@pytest.fixture
def context() -> SimpleNamespace:
    """Return what Lambda tells a function: its physical name leads with the environment."""
    return SimpleNamespace(function_name="dev-function")


@pytest.fixture
def batch() -> Callable[..., dict[str, Any]]:
    """Return what makes an SQS event of message bodies; the messages are called m-0, m-1 and so on."""

    def make(*bodies: object) -> dict[str, Any]:
        return {"Records": [{"messageId": f"m-{i}", "body": json.dumps(body)} for i, body in enumerate(bodies)]}

    return make
