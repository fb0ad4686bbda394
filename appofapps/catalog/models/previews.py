"""Preview environments: what a pull request may have, and the record of what it has."""

import re
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from appofapps.catalog.models.base import File, Model, Name, Seconds, Selector
from appofapps.catalog.models.quota import Quota

_SLUG = 20
"""Characters of a repository's name that are a part of all names of its previews."""

PinnedImage = Annotated[str, Field(pattern=r"^[^@\s]+@sha256:[a-f0-9]{64}$")]


class Previews(File):
    """What pull requests may have: `catalog/previews.yaml`."""

    kind: Literal["previews"]
    environment: Name
    """The environment they are previews of: it gives tier, account and clusters, and runs what is shared."""
    clusters: Selector = {}
    """Narrows the clusters of that environment."""
    domain: Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$")]
    """Every host of a preview is one label below it, so that one wildcard record and certificate serve all."""
    ttl: Seconds = 3 * 86400
    """How long one lives after its last `up`."""
    most: Annotated[int, Field(ge=1)] = 5
    """How many a repository may have at the same time."""
    label: Annotated[str, Field(min_length=1)] = "preview"
    """The label that admits a pull request: who may set it decides who gets a preview."""
    forks: bool = False
    """Whether pull requests from forks are admitted; their previews never hold a child with credentials."""
    quota: Quota = Quota(cpu="2", memory="4Gi", pods=20)
    """The most all children of one preview may request together."""
    shared: tuple[Name, ...] = ()
    """Children that previews use where they are, in the environment itself, and do not deploy for being needed."""

    @property
    def name(self) -> str:
        """A catalog has one."""
        return self.kind


class Preview(Model):
    """The record of one preview: in the settings of its stack, and in its state."""

    environment: Name
    """The environment it is a preview of."""
    pr: Annotated[int, Field(ge=1, le=9_999_999)]
    ref: Annotated[str, Field(pattern=r"^[0-9a-f]{7,64}$")]
    """The commit it shows."""
    children: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Those under change."""
    images: dict[Name, PinnedImage] = {}
    """What children under change run, instead of what their files say."""
    repository: Annotated[str, Field(pattern=r"^([\w.-]+(/[\w.-]+)*)?$")] = ""
    """Where the pull request is, as `owner/name`; empty where there is only one."""
    author: str = ""
    fork: bool = False
    created: AwareDatetime
    expires: AwareDatetime

    @property
    def name(self) -> str:
        """The name of its stack and its environment, such as `pr-12`, or `pr-shop-12`."""
        return preview_name(self.pr, self.repository)


def preview_name(pr: int, repository: str = "") -> str:
    """Return the name of the preview of a pull request.

    >>> preview_name(12), preview_name(12, "acme/Shop.Web")
    ('pr-12', 'pr-shop-web-12')
    """
    slug = re.sub(r"[^a-z0-9]+", "-", repository.rpartition("/")[2].lower()).strip("-")[:_SLUG].strip("-")
    return "-".join(part for part in ("pr", slug, str(pr)) if part)
