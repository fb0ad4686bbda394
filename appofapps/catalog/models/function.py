"""The kind `function`: an AWS Lambda function."""

from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from appofapps.catalog.models.base import EnvironmentVariable, Model, Name, Seconds, Tier
from appofapps.catalog.models.child import Profile, RunsIn, Source, Store
from appofapps.catalog.models.running import Override, RunningChild, RunningSpec
from appofapps.catalog.models.secret import SecretReference

RESERVED: Final = frozenset({
    "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_MAX_CONCURRENCY", "AWS_LAMBDA_METADATA_API", "AWS_LAMBDA_METADATA_TOKEN", "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT",
})  # fmt: skip
"""What Lambda sets itself, beside names that begin with `_`, and lets nobody else set:
https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html."""


def _taken_by_lambda(name: str) -> str:
    """Refuse the name of a variable that Lambda would refuse when the function is made."""
    if name in RESERVED:
        msg = f"Lambda sets {name} itself; choose another name"
        raise ValueError(msg)
    if name.startswith("_") or len(name) == 1:
        msg = f"Lambda takes no variable {name}; choose a name of two characters or more, a letter first"
        raise ValueError(msg)
    return name


LambdaVariable = Annotated[EnvironmentVariable, AfterValidator(_taken_by_lambda)]


class QueueTrigger(Model):
    """An SQS queue of the function's own, with a dead-letter queue."""

    name: Name
    batch_size: Annotated[int, Field(ge=1, le=10000)] = 10
    batch_window: Annotated[int, Field(ge=0, le=300)] = 0
    """Seconds to gather a batch."""
    receives: Annotated[int, Field(ge=1, le=1000)] = 5
    """How often a message is tried before it is a dead letter."""

    @property
    def dead_letters(self) -> str:
        """The name, in the catalog, of the queue of messages that failed too often."""
        return f"{self.name}-dead-letters"

    @model_validator(mode="after")
    def _large_batches_have_a_window(self) -> Self:
        """Refuse what Lambda refuses: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html."""
        if self.batch_size > 10 and not self.batch_window:
            msg = f"batch_size {self.batch_size} needs a batch_window of at least 1 second; only up to 10 go without"
            raise ValueError(msg)
        return self


class BucketTrigger(Model):
    """An S3 bucket of the function's own whose objects invoke it."""

    name: Name
    events: tuple[Literal["s3:ObjectCreated:*", "s3:ObjectRemoved:*"], ...] = ("s3:ObjectCreated:*",)
    prefix: str = ""
    suffix: str = ""


class ScheduleTrigger(Model):
    """An EventBridge schedule."""

    expression: Annotated[str, Field(pattern=r"^(rate|cron)\(.+\)$")]


class UrlTrigger(Model):
    """An HTTPS address of the function's own."""

    authorization: Literal["AWS_IAM", "NONE"] = "AWS_IAM"


class Triggers(Model):
    """What invokes the function."""

    queue: QueueTrigger | None = None
    bucket: BucketTrigger | None = None
    schedule: ScheduleTrigger | None = None
    url: UrlTrigger | None = None


class FunctionProfile(Profile):
    """The size of a function in one tier."""

    environment: dict[LambdaVariable, str] = {}
    """Environment variables of this tier, over those of the `spec`."""
    memory_mb: Annotated[int, Field(ge=128, le=10240)] = 256
    timeout: Annotated[Seconds, Field(le=900)] = 10
    reserved_concurrency: Annotated[int, Field(ge=0)] | None = None


class FunctionSpec(RunningSpec):
    """What a function runs and what invokes it."""

    environment: dict[LambdaVariable, str] = {}
    code: Annotated[str, Field(pattern=r"^[^/.][^:]*$")]
    """The folder of the code, relative to the catalog; its published version follows the hash of the contents."""
    digest: Annotated[str, Field(pattern=r"^sha256:[a-f0-9]{64}$")] | None = None
    """The expected hash of the code; None accepts what the folder holds."""
    runtime: Literal["python3.11", "python3.12", "python3.13", "nodejs20.x", "nodejs22.x", "provided.al2023"]
    handler: Annotated[str, Field(pattern=r"^[\w./-]+\.\w+$")]
    architecture: Literal["x86_64", "arm64"] = "arm64"
    triggers: Triggers = Triggers()
    log_retention_days: Literal[1, 3, 5, 7, 14, 30, 60, 90, 180, 365] = 30


class FunctionSecret(SecretReference):
    """A secret by reference, in a variable of a function."""

    variable: LambdaVariable
    """The environment variable that holds the ARN, which the function resolves itself."""


class Function(RunningChild):
    """A Lambda function, in each region its clusters are in."""

    RUNS_IN: ClassVar[RunsIn] = "region"
    CALLABLE: ClassVar[bool] = True
    RESOURCES: ClassVar[frozenset[str]] = frozenset({
        "role", "role-policy", "logs", "function", "alias", "dead-letters", "queue", "event-source", "bucket",
        "bucket-permission", "bucket-notification", "schedule", "schedule-target", "schedule-permission", "url",
        "url-permission",
    })  # fmt: skip

    kind: Literal["function"]
    profiles: dict[Tier, FunctionProfile]
    overrides: tuple[Override[FunctionProfile], ...] = ()
    spec: FunctionSpec
    secrets: tuple[FunctionSecret, ...] = ()

    @property
    def main_resource(self) -> str:
        """The alias: it moves last, to the published version."""
        return "alias"

    @property
    def main_type(self) -> str:
        """An alias of Lambda."""
        return "lambda/alias:Alias"

    @property
    def source(self) -> Source:
        """The folder of its code."""
        return Source(self.spec.code, ("spec", "code"), self.spec.digest, ("spec", "digest"))

    @property
    def stores(self) -> tuple[Store, ...]:
        """Its queue with that of dead letters, and its bucket."""
        queue, bucket = self.spec.triggers.queue, self.spec.triggers.bucket
        queues = (queue.name, queue.dead_letters) if queue else ()
        return (
            *(Store("queue", name, ("spec", "triggers", "queue", "name")) for name in queues),
            *((Store("bucket", bucket.name, ("spec", "triggers", "bucket", "name")),) if bucket else ()),
        )
