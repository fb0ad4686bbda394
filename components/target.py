"""What a stack deploys, read from its configuration."""

from pathlib import Path

import pulumi
from pydantic import ValidationError

from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.problems import CatalogError, Problem
from appofapps.plan import conventions as c


def stack_target(config: pulumi.Config) -> StackTarget:
    """Return the target of this stack. Raises CatalogError where its settings are no target."""
    try:
        return StackTarget(
            environment=config.require(c.CONFIG_ENVIRONMENT),
            clusters=config.get_object(c.CONFIG_CLUSTERS) or {},
            select=config.get_object(c.CONFIG_SELECT) or {},
            tenant=config.get(c.CONFIG_TENANT),
            preview=config.get_object(c.CONFIG_PREVIEW),
        )
    except ValidationError as error:
        file = Path(f"Pulumi.{pulumi.get_stack()}.yaml")
        raise CatalogError(Problem(file, _path(each["loc"]), each["msg"]) for each in error.errors()) from None


def _path(location: tuple[str | int, ...]) -> tuple[str | int, ...]:
    return ("config", f"{c.PROJECT}:{location[0]}", *location[1:])
