"""What the tests of components share: deploy children into the engine's stand-in."""

from collections.abc import Callable
from typing import Any

import pytest

from appofapps.catalog.models.kinds import Child
from components.parent import ParentApp
from tests.components.catalogs import plan
from tests.components.engine import Engine, Rendering, run

Deploy = Callable[..., Engine]


@pytest.fixture
def deploy() -> Deploy:
    """Deploy children and return the engine that saw it."""

    def deployed(*children: Child, rendering: Rendering | None = None, **options: Any) -> Engine:
        planned = plan(*children, **options)
        return run(lambda: ParentApp(planned), rendering=rendering)

    return deployed
