"""Edge functions: published in us-east-1, a copy for each region, trusted by the edge."""

import json
from typing import Any

import pytest

from tests.components.catalogs import child, cluster
from tests.components.conftest import Deploy
from tests.components.engine import Engine

TWO = (cluster("eu-1"), cluster("us-1", "us-east-1"))
LAMBDA = {
    "runtime": "lambda-edge", "code": "code", "event": "origin-request", "language": "python3.13",
    "handler": "handler.handle",
}  # fmt: skip


def of(engine: Engine, resource: str) -> dict[str, Any]:
    """Return the inputs of a resource of `paths`."""
    return engine.named(f"paths@eu-west-1/{resource}").inputs


def test_a_cloudfront_function_is_its_one_file_published(deploy: Deploy) -> None:
    """No role, no log group: name, code, language; the comment tells which version is live."""
    engine = deploy(child("paths", "edge-function"))
    function = of(engine, "function")

    assert engine.names() == {"paths@eu-west-1/function"}
    assert function.pop("code").startswith("function handler")
    assert function.pop("tags")["appofapps:version"] == "1.0.0"
    assert function.pop("comment").startswith("1.0.0 sha256:")
    assert function == {"name": "dev-paths-eu-west-1", "runtime": "cloudfront-js-2.0", "publish": True}


def test_lambda_at_edge_is_published_where_cloudfront_looks(deploy: Deploy) -> None:
    """In us-east-1 whatever the place, for x86_64, and with no environment variables at all."""
    engine = deploy(child("paths", "edge-function", spec=LAMBDA))
    function = of(engine, "function")

    assert engine.names() == {f"paths@eu-west-1/{each}" for each in ("role", "role-policy", "function")}
    assert set(function.pop("code")["assets"]) == {"handler.py"}
    assert function.pop("tags")["appofapps:code"].startswith("sha256:")
    assert function == {
        "name": "dev-paths-eu-west-1", "region": "us-east-1", "publish": True, "architectures": ["x86_64"],
        "description": "", "runtime": "python3.13", "handler": "handler.handle", "memorySize": 128, "timeout": 5,
        "role": "arn:aws:iam::123456789012:role/dev-paths-eu-west-1",
    }  # fmt: skip


def test_its_role_is_trusted_by_the_edge_and_may_log_everywhere(deploy: Deploy) -> None:
    """Lambda@Edge logs in the region nearest to the viewer, so no region is named; only its own group is."""
    engine = deploy(child("paths", "edge-function", spec=LAMBDA))
    trust = json.loads(of(engine, "role")["assumeRolePolicy"])["Statement"][0]
    (allowed,) = json.loads(of(engine, "role-policy")["policy"])["Statement"]

    assert trust["Principal"] == {"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]}
    group = "arn:aws:logs:*:123456789012:log-group:/aws/lambda/us-east-1.dev-paths-eu-west-1:*"
    assert allowed["Resource"] == [group]


@pytest.mark.parametrize("spec", [{}, LAMBDA])
def test_each_region_has_a_copy_of_its_own(deploy: Deploy, spec: dict[str, Any]) -> None:
    """Both lie in one region of one account, so the place is part of the name."""
    engine = deploy(child("paths", "edge-function", spec=spec), clusters=TWO)

    names = {engine.named(f"paths@{place}/function").inputs["name"] for place in ("eu-west-1", "us-east-1")}
    assert names == {"dev-paths-eu-west-1", "dev-paths-us-east-1"}


def test_a_dependent_waits_until_it_is_published(deploy: Deploy) -> None:
    """The function is the child's readiness."""
    engine = deploy(child("paths", "edge-function"), child("web", needs=["paths"]))

    assert engine.named("web@eu-1/namespace").depends_on == {"paths@eu-west-1/function"}
