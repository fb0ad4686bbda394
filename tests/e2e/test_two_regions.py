"""One function in two regions: each has its own, and what fails in one leaves the other alone."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from tests.e2e.project import Project
from tests.e2e.small_catalog import function

Small = Callable[..., Project]
Aws = Callable[..., Any]
REGIONS = ("eu-west-1", "us-east-1")
NAME = "t12-mail"


def test_a_region_that_fails_leaves_the_other(small: Small, aws: Aws) -> None:
    """Somebody's function of the same name stands in one region's way; the other region is deployed and in use."""
    project = small("t12", function("mail"), clusters=("eu-1", "us-1"))
    project.pulumi("stack", "init", "t12")
    foreign(aws("iam"), aws("lambda", "us-east-1"))

    assert "exists and is not ours" in project.aoa("up", "--stack", "t12", "--yes", code=2).text
    assert project.pulumi("up", "--stack", "t12", "--yes", "--skip-preview", code=None).code != 0
    assert live(aws("lambda", "eu-west-1")) == "1"
    assert aws("lambda", "us-east-1").list_aliases(FunctionName=NAME)["Aliases"] == []
    status = project.aoa("status", "--stack", "t12", "--json", code=1).json()
    assert {row["address"]: row["ready"] for row in status["children"]} == {
        "mail@eu-west-1": True, "mail@us-east-1": False,
    }  # fmt: skip

    aws("lambda", "us-east-1").delete_function(FunctionName=NAME)
    project.aoa("up", "--stack", "t12", "--yes")
    assert [live(aws("lambda", region)) for region in REGIONS] == ["1", "1"]

    handler = project.root / "catalog/functions/mail/handler.py"
    handler.write_text(handler.read_text() + "\n# A new release.\n")
    project.aoa("up", "--stack", "t12", "--yes")
    assert [live(aws("lambda", region)) for region in REGIONS] == ["2", "2"]
    project.aoa("destroy", "--stack", "t12", "--yes")
    for region in REGIONS:
        assert NAME not in {each["FunctionName"] for each in aws("lambda", region).list_functions()["Functions"]}


def live(client: Any) -> str:
    """Return the version that the alias points at."""
    return str(client.get_alias(FunctionName=NAME, Name="live")["FunctionVersion"])


def foreign(iam: Any, client: Any) -> None:
    """Make a function that is not ours."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="somebodys", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as files:
        files.writestr("handler.py", "def handle(event, context): ...")
    client.create_function(
        FunctionName=NAME, Role=role, Runtime="python3.12",
        Handler="handler.handle", Code={"ZipFile": package.getvalue()},
    )  # fmt: skip
