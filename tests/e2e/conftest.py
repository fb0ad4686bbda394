"""The sandbox of a test worker: two clusters and an AWS API of its own, gone when the tests are over."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest

from sandbox import lifecycle
from sandbox.state import State
from tests.e2e.project import Project
from tests.e2e.small_catalog import small_project

LONGEST = ("test_fleet.py", "test_shop.py", "test_pages.py", "test_kill.py", "test_rename_and_budget.py")
"""The files to begin with: workers take whole files, and a long one at the end keeps the others waiting."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here, it needs the toolchain and servers; the longest files come first."""
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.e2e)
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    """Start clusters `eu-1` and `us-1`, and moto; stop them after the last test."""
    root = tmp_path_factory.mktemp("sandbox")
    try:
        yield lifecycle.up(root=root)
    finally:
        lifecycle.down(root)


@pytest.fixture(scope="session")
def environment(sandbox: State) -> Mapping[str, str]:
    """Return the variables that lead to the sandbox."""
    return sandbox.environment()


@pytest.fixture
def shop(tmp_path: Path, environment: Mapping[str, str]) -> Project:
    """Make a scratch checkout with the shipped catalog."""
    return Project.at(tmp_path / "shop", environment)


@pytest.fixture
def small(tmp_path: Path, environment: Mapping[str, str]) -> Callable[..., Project]:
    """Make scratch checkouts with a small catalog: `small("t1", child(…), …)`; `t1` names environment and stack."""

    def make(name: str, *children: dict[str, Any], **options: Any) -> Project:
        return small_project(tmp_path, environment, name, children, **options)

    return make


@pytest.fixture(scope="session")
def aws(environment: Mapping[str, str]) -> Callable[[str], Any]:
    """Make clients of the AWS API: `aws("lambda")`."""

    def client(service: str, region: str = "eu-west-1") -> Any:
        return boto3.client(
            service, region_name=region, endpoint_url=environment["AWS_ENDPOINT_URL"],
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        )  # fmt: skip

    return client
