"""The kind `edge-function`: code that CloudFront runs near its viewers, in two runtimes."""

from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from appofapps.catalog.models.base import Model, Seconds
from appofapps.catalog.models.child import ChildFile, RunsIn, Source

EDGE_REGION: Final = "us-east-1"
"""Where CloudFront takes functions from, wherever it runs them."""
CODE_FILE: Final = "function.js"
"""The one file of a CloudFront Function."""
CODE_BYTES: Final = 10 * 1024
"""The most it may have: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html."""

_VIEWER_MEMORY: Final = 128
_VIEWER_SECONDS: Final = 5

Folder = Annotated[str, Field(pattern=r"^[^/.][^:]*$")]
Digest = Annotated[str, Field(pattern=r"^sha256:[a-f0-9]{64}$")]


class CloudFrontSpec(Model):
    """A CloudFront Function: JavaScript without network and files, within a millisecond."""

    runtime: Literal["cloudfront"]
    code: Folder
    """The folder of `function.js`, relative to the catalog; its contents are published as the stage LIVE."""
    digest: Digest | None = None
    """The expected hash of the code; None accepts what the folder holds."""
    event: Literal["viewer-request", "viewer-response"]
    """When a distribution is to call it."""
    language: Literal["cloudfront-js-1.0", "cloudfront-js-2.0"] = "cloudfront-js-2.0"


class LambdaEdgeSpec(Model):
    """Lambda@Edge: a published version of a Lambda function, always x86_64 and without environment variables.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-restrictions.html
    """

    runtime: Literal["lambda-edge"]
    code: Folder
    """The folder of the code, relative to the catalog; its published version follows the hash of the contents."""
    digest: Digest | None = None
    """The expected hash of the code; None accepts what the folder holds."""
    event: Literal["viewer-request", "viewer-response", "origin-request", "origin-response"]
    """When a distribution is to call it."""
    language: Literal["python3.11", "python3.12", "python3.13", "nodejs20.x", "nodejs22.x"]
    handler: Annotated[str, Field(pattern=r"^[\w./-]+\.\w+$")]
    memory_mb: Annotated[int, Field(ge=128, le=10240)] = 128
    timeout: Annotated[Seconds, Field(le=30)] = 5

    @model_validator(mode="after")
    def _viewers_do_not_wait(self) -> Self:
        if not self.event.startswith("viewer-"):
            return self
        if self.timeout > _VIEWER_SECONDS or self.memory_mb > _VIEWER_MEMORY:
            msg = (
                f"event {self.event} allows {_VIEWER_SECONDS} seconds and {_VIEWER_MEMORY} MB; "
                "lower timeout and memory_mb, or take an origin event"
            )
            raise ValueError(msg)
        return self


class EdgeFunction(ChildFile):
    """A function of CloudFront for the distributions of each region its clusters are in.

    A copy a region, so that one region's distribution can take a release before another's does. All copies lie in
    `us-east-1`, since CloudFront looks nowhere else; the place is part of their names.
    """

    RUNS_IN: ClassVar[RunsIn] = "region"
    HOME: ClassVar[str | None] = EDGE_REGION
    RESOURCES: ClassVar[frozenset[str]] = frozenset({"role", "role-policy", "function"})

    kind: Literal["edge-function"]
    spec: Annotated[CloudFrontSpec | LambdaEdgeSpec, Field(discriminator="runtime")]

    @model_validator(mode="after")
    def _nothing_it_cannot_have(self) -> Self:
        if self.secrets:
            msg = "an edge function has no environment variables, so it takes no secrets; have a function do that work"
            raise ValueError(msg)
        if self.cloud_identity and self.spec.runtime == "cloudfront":
            msg = "a CloudFront Function cannot call AWS; remove cloud_identity, or take runtime: lambda-edge"
            raise ValueError(msg)
        return self

    @property
    def main_resource(self) -> str:
        """The function: publishing is part of making it."""
        return "function"

    @property
    def main_type(self) -> str:
        """A function of CloudFront, or one of Lambda."""
        return "cloudfront/function:Function" if self.spec.runtime == "cloudfront" else "lambda/function:Function"

    @property
    def patchable(self) -> frozenset[str]:
        """A CloudFront Function has no role."""
        return frozenset({"function"}) if self.spec.runtime == "cloudfront" else self.RESOURCES

    @property
    def source(self) -> Source:
        """The folder of its code."""
        only, most = (CODE_FILE, CODE_BYTES) if self.spec.runtime == "cloudfront" else (None, None)
        return Source(self.spec.code, ("spec", "code"), self.spec.digest, ("spec", "digest"), only, most)
