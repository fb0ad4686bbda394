"""The stand-in under the real engine, with the unchanged pulumi_aws SDK."""
# ruff: noqa: D102, D103  (the tests are named by what they say)

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest
import requests
from moto.server import ThreadedMotoServer

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
QUEUE = "aws:sqs/queue:Queue"
PROGRAM = """
import json
import os
import pulumi
import pulumi_aws as aws

eu = aws.Provider("eu", region="eu-west-1", default_tags={"tags": {"managed-by": "pulumi"}})
taken = json.loads(os.environ.get("TAKEN", "{}"))


def options(name, **more):
    return pulumi.ResourceOptions(provider=eu, import_=taken.get(name), **more)


trust = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}
role = aws.iam.Role("role", name="shop-thumb", assume_role_policy=json.dumps(trust), opts=options("role"))
logs = aws.cloudwatch.LogGroup("logs", name="/aws/lambda/shop-thumb", retention_in_days=14, opts=options("logs"))
dead = aws.sqs.Queue("dead", name="shop-dead", message_retention_seconds=1209600, opts=options("dead"))
jobs = aws.sqs.Queue("jobs", name="shop-jobs", visibility_timeout_seconds=60, sqs_managed_sse_enabled=True,
    redrive_policy=dead.arn.apply(lambda arn: json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})),
    opts=options("jobs"))
policy = aws.iam.RolePolicy("policy", name="work", role=role.name, policy=jobs.arn.apply(lambda arn: json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sqs:ReceiveMessage"], "Resource": arn}]})),
    opts=options("policy"))
function = aws.lambda_.Function("function", name="shop-thumb", role=role.arn, runtime="python3.12",
    handler="index.handler", code=pulumi.FileArchive("code"), memory_size=256, timeout=10, publish=True,
    environment={"variables": {"LOG_LEVEL": "info"}}, dead_letter_config={"target_arn": dead.arn},
    logging_config={"log_format": "JSON", "log_group": logs.name}, tags={"team": "images"},
    opts=options("function", depends_on=[policy]))
alias = aws.lambda_.Alias("alias", name="live", function_name=function.name, function_version=function.version,
    opts=options("alias"))
mapping = aws.lambda_.EventSourceMapping("mapping", event_source_arn=jobs.arn, function_name=alias.arn, batch_size=5,
    opts=options("mapping"))
rule = aws.cloudwatch.EventRule("rule", name="shop-nightly", schedule_expression="rate(1 day)", opts=options("rule"))
permission = aws.lambda_.Permission("permission", statement_id="nightly", action="lambda:InvokeFunction",
    function=function.name, qualifier=alias.name, principal="events.amazonaws.com", source_arn=rule.arn,
    opts=options("permission"))
target = aws.cloudwatch.EventTarget("target", rule=rule.name, target_id="thumb", arn=alias.arn, opts=options("target"))
bucket = aws.s3.Bucket("bucket", bucket="shop-images", force_destroy=True, opts=options("bucket"))
block = aws.s3.BucketPublicAccessBlock("block", bucket=bucket.bucket, block_public_acls=True, opts=options("block"))
notification = aws.s3.BucketNotification("notification", bucket=bucket.bucket, eventbridge=True,
    opts=options("notification"))
pulumi.export("version", function.version)
pulumi.export("account", aws.get_caller_identity_output(opts=pulumi.InvokeOptions(provider=eu)).account_id)
"""
ONE_QUEUE = """
import pulumi_aws as aws

aws.sqs.Queue("dead", name="shop-dead", visibility_timeout_seconds=60)
"""
IDS = {
    "role": "shop-thumb",
    "logs": "/aws/lambda/shop-thumb",
    "policy": "shop-thumb:work",
    "function": "shop-thumb",
    "alias": "shop-thumb/live",
    "rule": "shop-nightly",
    "permission": "shop-thumb:live/nightly",
    "target": "shop-nightly/thumb",
    "bucket": "shop-images",
    "block": "shop-images",
    "notification": "shop-images",
}


class Stack:
    """A project of its own with its own backend, driven through the command line."""

    def __init__(self, path: Path, address: str) -> None:
        self.path = path
        (path / "backend").mkdir()
        (path / "code").mkdir()
        (path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
        (path / "__main__.py").write_text(PROGRAM)
        self.code("one")
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("PULUMI_", "AWS_"))},
            "PATH": os.pathsep.join([str(_plugin(path)), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PULUMI_HOME": str(path / "home"),
            "PULUMI_BACKEND_URL": f"file://{path / 'backend'}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }
        self.pulumi("stack", "init", "dev")

    def code(self, text: str) -> None:
        (self.path / "code" / "index.py").write_text(f"def handler(event, context):\n    return {text!r}\n")

    def pulumi(self, *arguments: str, ok: bool = True, **env: str) -> str:
        command = ["pulumi", *arguments, "--non-interactive"]
        done = subprocess.run(
            command, cwd=self.path, env={**self.env, **env}, capture_output=True, text=True, timeout=120, check=False
        )
        assert (done.returncode == 0) == ok, done.stdout + done.stderr
        return done.stdout + done.stderr

    def up(self, *flags: str, **env: str) -> str:
        return self.pulumi("up", "--yes", "--skip-preview", *flags, **env)

    def changes(self, *flags: str) -> dict[str, str]:
        """Return what a preview would do, by the name of the resource."""
        output = self.pulumi("preview", "--json", *flags)
        steps = json.loads(output[output.index("{") :])["steps"]
        return {step["urn"].rpartition("::")[2]: step["op"] for step in steps if step["op"] not in ("same", "refresh")}


def _plugin(path: Path) -> Path:
    plugin = path / "bin" / "pulumi-resource-aws"
    plugin.parent.mkdir()
    plugin.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m sandbox.aws "$@"\n')
    plugin.chmod(0o755)
    return plugin.parent


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    requests.post(f"http://{host}:{port}/moto-api/reset", timeout=10)
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(address: str) -> Callable[[str], Any]:
    return lambda service: boto3.client(service, **_client(address))


def _client(address: str) -> dict[str, Any]:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return {"endpoint_url": address, "region_name": "eu-west-1", **keys}


@pytest.fixture
def stack(tmp_path: Path, address: str) -> Stack:
    assert shutil.which("pulumi"), "no pulumi on PATH: run the tests in the sandbox's environment (make env)"
    return Stack(tmp_path, address)


def live(aws: Callable[[str], Any]) -> str:
    return str(aws("lambda").get_alias(FunctionName="shop-thumb", Name="live")["FunctionVersion"])


def test_a_function_from_its_first_version_to_its_end(stack: Stack, aws: Callable[[str], Any]) -> None:
    stack.up()
    assert live(aws) == "1"
    assert json.loads(stack.pulumi("stack", "output", "--json")) == {"version": "1", "account": "123456789012"}
    stack.pulumi("preview", "--expect-no-changes")
    stack.pulumi("preview", "--refresh", "--expect-no-changes")

    stack.code("two")
    assert stack.changes() == {"function": "update", "alias": "update"}
    stack.up()
    assert live(aws) == "2"
    assert stack.changes("--refresh") == {}

    aws("lambda").update_function_configuration(FunctionName="shop-thumb", MemorySize=1024)
    aws("lambda").update_alias(FunctionName="shop-thumb", Name="live", FunctionVersion="1")
    assert stack.changes("--refresh") == {"function": "update", "alias": "update"}
    stack.up("--refresh")
    assert live(aws) == "2"
    assert aws("lambda").get_function_configuration(FunctionName="shop-thumb")["MemorySize"] == 256
    stack.pulumi("up", "--yes", "--refresh", "--expect-no-changes")

    aws("sqs").delete_queue(QueueUrl=aws("sqs").get_queue_url(QueueName="shop-jobs")["QueueUrl"])
    assert stack.changes("--refresh")["jobs"] == "create"
    stack.up("--refresh")

    stack.pulumi("destroy", "--yes", "--skip-preview")
    assert left(aws) == []


def test_what_exists_is_refused_and_then_imported(stack: Stack, aws: Callable[[str], Any]) -> None:
    stack.up()
    ids = {**IDS, "mapping": aws("lambda").list_event_source_mappings()["EventSourceMappings"][0]["UUID"]}
    for queue in ("dead", "jobs"):
        ids[queue] = aws("sqs").get_queue_url(QueueName=f"shop-{queue}")["QueueUrl"]
    versions = aws("lambda").list_versions_by_function(FunctionName="shop-thumb")["Versions"]
    forget(stack)
    assert "EntityAlreadyExists" in stack.pulumi("up", "--yes", "--skip-preview", ok=False)
    forget(stack)
    stack.up(TAKEN=json.dumps(ids))
    stack.pulumi("preview", "--expect-no-changes")
    assert stack.changes("--refresh") == {}
    assert aws("lambda").list_versions_by_function(FunctionName="shop-thumb")["Versions"] == versions
    stack.pulumi("destroy", "--yes", "--skip-preview")
    assert left(aws) == []


def test_imported_by_the_command_line(stack: Stack, aws: Callable[[str], Any]) -> None:
    stack.up()
    exported = json.loads(stack.pulumi("stack", "export"))
    resources = exported["deployment"]["resources"]
    provider = next(entry["urn"] for entry in resources if entry["type"] == "pulumi:providers:aws")
    kept = [entry for entry in resources if entry["urn"].rpartition("::")[2] not in ("function", "alias", "mapping")]
    dependents = {"permission", "target"}
    kept = [entry for entry in kept if entry["urn"].rpartition("::")[2] not in dependents]
    exported["deployment"]["resources"] = kept
    (stack.path / "state.json").write_text(json.dumps(exported))
    stack.pulumi("stack", "import", "--file", "state.json")
    wanted = {
        "nameTable": {"eu": provider},
        "resources": [
            {"type": "aws:lambda/function:Function", "name": "function", "id": IDS["function"], "provider": "eu"},
            {"type": "aws:lambda/alias:Alias", "name": "alias", "id": IDS["alias"], "provider": "eu"},
            {
                "type": "aws:lambda/permission:Permission",
                "name": "permission",
                "id": IDS["permission"],
                "provider": "eu",
            },
            {"type": "aws:cloudwatch/eventTarget:EventTarget", "name": "target", "id": IDS["target"], "provider": "eu"},
        ],
    }
    (stack.path / "import.json").write_text(json.dumps(wanted))
    stack.pulumi("import", "--file", "import.json", "--generate-code=false", "--protect=false", "--yes")
    assert stack.changes() == {"mapping": "create"}


def test_killed_inside_a_creation_no_provider_is_left_behind(stack: Stack, aws: Callable[[str], Any]) -> None:
    (stack.path / "__main__.py").write_text(ONE_QUEUE)
    stack.pulumi("config", "set", "aws:region", "eu-west-1")
    env = {**stack.env, "AOA_SANDBOX_AWS_DELAY": f"{QUEUE}=60"}
    command = ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive"]
    engine = psutil.Popen(command, cwd=stack.path, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: aws("sqs").list_queues().get("QueueUrls"))
    providers = [child for child in engine.children(recursive=True) if "sandbox.aws" in child.cmdline()]
    assert providers
    engine.send_signal(signal.SIGKILL)
    engine.wait(10)
    gone, alive = psutil.wait_procs(providers, timeout=10)
    assert not alive
    assert len(gone) == len(providers)
    assert [url.rpartition("/")[2] for url in aws("sqs").list_queues()["QueueUrls"]] == ["shop-dead"]
    stack.pulumi("cancel", "--yes")
    stack.up()  # a queue with the same attributes is no conflict in AWS
    stack.pulumi("preview", "--expect-no-changes")


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "waited for 60 s"
        time.sleep(0.2)


def forget(stack: Stack) -> None:
    """Lose the state, as if the engine had never recorded anything."""
    exported = json.loads(stack.pulumi("stack", "export"))
    exported["deployment"] = {key: value for key, value in exported["deployment"].items() if key != "resources"}
    exported["deployment"].pop("pending_operations", None)
    (stack.path / "empty.json").write_text(json.dumps(exported))
    stack.pulumi("stack", "import", "--force", "--file", "empty.json")


def left(aws: Callable[[str], Any]) -> list[str]:
    return [
        *(entry["RoleName"] for entry in aws("iam").list_roles()["Roles"]),
        *(entry["FunctionName"] for entry in aws("lambda").list_functions()["Functions"]),
        *(entry["UUID"] for entry in aws("lambda").list_event_source_mappings()["EventSourceMappings"]),
        *aws("sqs").list_queues().get("QueueUrls", []),
        *(entry["logGroupName"] for entry in aws("logs").describe_log_groups()["logGroups"]),
        *(entry["Name"] for entry in aws("events").list_rules()["Rules"]),
        *(entry["Name"] for entry in aws("s3").list_buckets()["Buckets"]),
    ]
