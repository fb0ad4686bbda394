"""Functions: least privilege, versions, and triggers through the alias."""

import json
from typing import Any

import pytest

from tests.components.catalogs import child
from tests.components.conftest import Deploy
from tests.components.engine import Engine

ALIAS = "arn:aws:lambda:eu-west-1:123456789012:function:dev-mailer:live"


def of(engine: Engine, resource: str) -> dict[str, Any]:
    """Return the inputs of a resource of `mailer`."""
    return engine.named(f"mailer@eu-west-1/{resource}").inputs


def statements(engine: Engine) -> dict[str, Any]:
    """Return what the role of `mailer` may do: action to resources."""
    policy = json.loads(of(engine, "role-policy")["policy"])
    return {action: each["Resource"] for each in policy["Statement"] for action in each["Action"]}


def test_the_smallest_function(deploy: Deploy) -> None:
    """A role, a log group with an end, published versions, and an alias at the newest; no trigger."""
    engine = deploy(child("mailer", "function"))

    assert engine.names() == {
        f"mailer@eu-west-1/{each}" for each in ("role", "role-policy", "logs", "function", "alias")
    }
    assert of(engine, "logs")["name"] == "/aws/lambda/dev-mailer"
    assert of(engine, "logs")["retentionInDays"] == 30
    assert of(engine, "function")["publish"] is True
    assert "reservedConcurrentExecutions" not in of(engine, "function")
    assert of(engine, "alias") == {"name": "live", "functionName": "dev-mailer", "functionVersion": "7"}
    assert engine.named("mailer@eu-west-1/function").depends_on == {
        f"mailer@eu-west-1/{each}" for each in ("role", "role-policy", "logs")
    }


def test_the_role_may_write_its_own_log_and_nothing_else(deploy: Deploy) -> None:
    """Not even the right to make log groups: ours has a retention."""
    group = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/dev-mailer:*"

    assert statements(deploy(child("mailer", "function"))) == {
        "logs:CreateLogStream": [group],
        "logs:PutLogEvents": [group],
    }


def test_declared_permissions_and_secrets_are_granted_by_arn(deploy: Deploy) -> None:
    """Queues and buckets of the catalog by name; a secret is in the environment as its ARN."""
    arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/mailer"
    identity = [{"actions": ["s3:GetObject"], "resources": ["bucket:letters"]}]
    secrets = [{"variable": "SMTP", "ssm": arn}]
    claims = child("sender", "function", spec={"triggers": {"bucket": {"name": "letters"}}})
    engine = deploy(child("mailer", "function", cloud_identity=identity, secrets=secrets), claims)
    bucket = "arn:aws:s3:::dev-letters-123456789012-eu-west-1"

    assert statements(engine)["s3:GetObject"] == [bucket, f"{bucket}/*"]
    assert statements(engine)["ssm:GetParameter"] == [arn]
    assert of(engine, "function")["environment"] == {"variables": {"SMTP": arn}}


def test_what_lambda_leaves_to_its_users_can_be_set(deploy: Deploy) -> None:
    """Not everything that begins with `AWS_` is Lambda's own."""
    spec = {"environment": {"AWS_MAX_ATTEMPTS": "5", "AWS_LAMBDA_EXEC_WRAPPER": "/opt/wrap"}}
    engine = deploy(child("mailer", "function", spec=spec))

    assert of(engine, "function")["environment"]["variables"] == spec["environment"]


def test_a_parameter_is_that_of_its_own_environment(deploy: Deploy) -> None:
    """It lies below the name that its function really has; the one of another environment is out of reach."""
    identity = [{"actions": ["ssm:PutParameter"], "resources": ["parameter:mailer/latest"]}]
    engine = deploy(child("mailer", "function", moved_from="postman", cloud_identity=identity))

    assert of(engine, "function")["name"] == "dev-postman"
    assert statements(engine)["ssm:PutParameter"] == ["arn:aws:ssm:eu-west-1:123456789012:parameter/dev-postman/latest"]


def test_a_queue_retries_and_then_sets_aside(deploy: Deploy) -> None:
    """Messages stay hidden six timeouts long, fail five times, and end in the dead letters, which can be named."""
    profile = {"timeout": 20}
    identity = [{"actions": ["sqs:StartMessageMoveTask"], "resources": ["queue:letters-dead-letters"]}]
    spec = {"triggers": {"queue": {"name": "letters"}}}
    engine = deploy(child("mailer", "function", profile=profile, spec=spec, cloud_identity=identity))
    queue, dead = of(engine, "queue"), "arn:aws:sqs:eu-west-1:123456789012:dev-letters-dead-letters"

    assert (queue["name"], queue["visibilityTimeoutSeconds"]) == ("dev-letters", 120)
    assert json.loads(queue["redrivePolicy"]) == {"deadLetterTargetArn": dead, "maxReceiveCount": 5}
    assert statements(engine)["sqs:StartMessageMoveTask"] == [dead]
    assert of(engine, "dead-letters")["name"] == "dev-letters-dead-letters"
    assert of(engine, "event-source")["functionName"] == ALIAS
    assert of(engine, "event-source")["functionResponseTypes"] == ["ReportBatchItemFailures"]
    assert statements(engine)["sqs:ReceiveMessage"] == ["arn:aws:sqs:eu-west-1:123456789012:dev-letters"]


@pytest.mark.parametrize(
    ("triggers", "resource", "target"),
    [
        ({"bucket": {"name": "letters", "suffix": ".txt"}}, "bucket-notification", ALIAS),
        ({"schedule": {"expression": "rate(1 day)"}}, "schedule-target", ALIAS),
        ({"url": {}}, "url", '"live"'),
    ],
)
def test_triggers_go_through_the_alias(deploy: Deploy, triggers: Any, resource: str, target: str) -> None:
    """Nothing invokes the newest code directly: the alias decides which version runs."""
    inputs = of(deploy(child("mailer", "function", spec={"triggers": triggers})), resource)

    assert target in json.dumps(inputs)


@pytest.mark.parametrize(
    ("triggers", "permission", "principal"),
    [
        ({"bucket": {"name": "letters"}}, "bucket-permission", "s3.amazonaws.com"),
        ({"schedule": {"expression": "rate(1 day)"}}, "schedule-permission", "events.amazonaws.com"),
        ({"url": {"authorization": "NONE"}}, "url-permission", "*"),
    ],
)
def test_each_trigger_is_allowed_to_invoke(deploy: Deploy, triggers: Any, permission: str, principal: str) -> None:
    """And it alone: by source, on the alias."""
    inputs = of(deploy(child("mailer", "function", spec={"triggers": triggers})), permission)

    assert (inputs["principal"], inputs["qualifier"]) == (principal, "live")
    assert ("sourceArn" in inputs) or inputs["functionUrlAuthType"] == "NONE"


def test_a_dependent_waits_for_alias_and_triggers(deploy: Deploy) -> None:
    """A function is live when its alias is, and its triggers are set."""
    spec = {"triggers": {"queue": {"name": "letters"}}}
    engine = deploy(child("mailer", "function", spec=spec), child("web", needs=["mailer"]))

    assert engine.named("web@eu-1/namespace").depends_on == {
        "mailer@eu-west-1/alias",
        "mailer@eu-west-1/event-source",
    }


def test_everything_is_tagged_and_knows_its_code(deploy: Deploy) -> None:
    """Cost and owner on every resource that takes tags; the code's hash on the function."""
    triggers = {"queue": {"name": "q"}, "bucket": {"name": "b"}, "schedule": {"expression": "rate(1 day)"}}
    engine = deploy(child("mailer", "function", spec={"triggers": triggers}))
    tagged = ("role", "logs", "function", "queue", "dead-letters", "event-source", "bucket", "schedule")

    assert all(of(engine, each)["tags"]["appofapps:team"] == "shop" for each in tagged)
    assert of(engine, "function")["tags"]["appofapps:code"].startswith("sha256:")


def test_the_archive_holds_the_code_and_no_path_of_this_machine(deploy: Deploy) -> None:
    """Caches are no code, and paths are relative to the program."""
    assets = of(deploy(child("mailer", "function")), "function")["code"]["assets"]

    assert set(assets) == {"handler.py"}
    assert not assets["handler.py"]["path"].startswith("/")
