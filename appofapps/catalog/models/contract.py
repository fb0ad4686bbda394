"""Contracts between children: what one offers, and the versions of it that another works with."""

from appofapps.catalog.models.base import Model, Name, SemanticVersion, VersionRange


class Provided(Model):
    """A contract a child offers to others."""

    contract: Name
    version: SemanticVersion


class Consumed(Model):
    """A contract a child relies on, and the versions it works with."""

    contract: Name
    version: VersionRange
