"""What a catalog says about edge functions that CloudFront would refuse, or ignore."""

from pathlib import Path
from typing import Any

import pytest

from appofapps.catalog.load import read
from appofapps.plan.validation import validated
from tests.catalog.minimal import FILES, write

CLOUDFRONT = "runtime: cloudfront, code: functions/paths, event: viewer-request"
LAMBDA = "runtime: lambda-edge, code: functions/paths, language: python3.13, handler: handler.handle"
ARN = "arn:aws:ssm:eu-west-1:111111111111:parameter/x"


def problems(root: Path, spec: str, more: str = "", file: str = "function.js", text: str = "x") -> str:
    """Return what is wrong with a catalog that has such an edge function."""
    owner = "{team: a, oncall: a, runbook: 'https://r.example/a'}"
    app = f"apiVersion: appofapps.dev/v1\nkind: edge-function\nname: paths\nversion: 1.0.0\nowner: {owner}\n"
    files = {**FILES, "apps/paths.yaml": f"{app}{more}\nspec: {{{spec}}}\n", f"functions/paths/{file}": text}
    return "\n".join(map(str, read(write(root, files)).problems))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"spec": f"{LAMBDA}, event: viewer-request, timeout: 6s"}, "allows 5 seconds and 128 MB"),
        ({"spec": f"{LAMBDA}, event: viewer-response, memory_mb: 256"}, "or take an origin event"),
        ({"spec": f"{LAMBDA}, event: origin-request, timeout: 31s"}, "timeout"),
        ({"spec": f"{LAMBDA}, event: origin-request, environment: {{A: b}}"}, "environment"),
        ({"spec": f"{LAMBDA}, event: origin-request, architecture: arm64"}, "architecture"),
        ({"spec": CLOUDFRONT.replace("viewer-request", "origin-request")}, "viewer-request"),
        ({"spec": CLOUDFRONT, "more": f"secrets: [{{variable: A, ssm: '{ARN}'}}]"}, "takes no secrets"),
        (
            {"spec": CLOUDFRONT, "more": f"cloud_identity: [{{actions: ['ssm:Get'], resources: ['{ARN}']}}]"},
            "cannot call AWS",
        ),
        ({"spec": CLOUDFRONT, "file": "index.js"}, "this kind takes one file: function.js"),
        ({"spec": CLOUDFRONT, "text": "x" * 10241}, "10241 bytes, of 10240 allowed"),
    ],
)
def test_what_cannot_run_at_the_edge_is_refused_in_the_catalog(
    wrong: dict[str, Any], says: str, tmp_path: Path
) -> None:
    """By its file, before anything is deployed."""
    found = problems(tmp_path, **wrong)
    assert "paths.yaml" in found
    assert says in found


def test_a_region_that_is_not_allowed_is_told_even_where_nobody_placed_it(tmp_path: Path) -> None:
    """CloudFront takes code from us-east-1 alone: who allows only Europe has to know."""
    more = "target: {environments: [dev]}\nallowed_regions: [eu-west-1]"
    assert problems(tmp_path, CLOUDFRONT, more) == ""
    found = "\n".join(map(str, validated(tmp_path, tmp_path).problems))
    assert "allowed_regions: eu-west-1, but dev places it in us-east-1" in found


@pytest.mark.parametrize(
    ("spec", "file"),
    [(CLOUDFRONT, "function.js"), (f"{LAMBDA}, event: origin-request, timeout: 30s, memory_mb: 512", "handler.py")],
)
def test_what_can_is_taken(spec: str, file: str, tmp_path: Path) -> None:
    """Both runtimes, at the limits."""
    assert problems(tmp_path, spec, file=file) == ""
