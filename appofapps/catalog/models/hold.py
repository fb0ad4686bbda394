"""Holds: a child that is to stay as it is, for now."""

from datetime import date
from typing import Annotated

from pydantic import Field

from appofapps.catalog.models.base import Model, SemanticVersion


class Hold(Model):
    """A word of people that something is to stay as it is, for now.

    A hold that is over goes on holding, and `aoa plan` and `aoa status` say so: a catalog means the same tonight as
    today, and no deployment changes, or is refused, because a clock went on.
    """

    reason: Annotated[str, Field(min_length=1)]
    owner: Annotated[str, Field(min_length=1)]
    """Who to ask."""
    until: date
    """The last day it is meant for."""


class Paused(Hold):
    """A child frozen exactly as it is deployed: whatever its file says waits.

    Nothing of it changes, comes or goes; where it is not deployed, it is not deployed. To lose a place while paused is
    refused. Taking the file away removes the child as ever. What others derive from its file, such as the ports that a
    dependent may call, follows the file.
    """


class Pinned(Hold):
    """A child kept at a version: a file that says another one, higher or lower, is refused.

    As with Argo CD's `targetRevision` or a package rule of Renovate, what is pinned is the release: sizes, targets and
    owners may change. A bot's update of the version fails in its pull request, with the line and the way out.
    """

    version: SemanticVersion
