"""The function webhook."""

import base64
import hashlib
import hmac
import json
from typing import Any

import boto3
import pytest

NOW = 1_800_000_000
SECRET = "the provider and we know this"
ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/webhook-signing-AbCdEf"
BODY = json.dumps({"type": "payment.settled", "payment": "p-1"})


def signature(body: str, stamp: int = NOW, secret: str = SECRET) -> str:
    """Return the header a genuine sender would send."""
    return f"t={stamp},v1=" + hmac.new(secret.encode(), f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()


def request(body: str = BODY, header: str | None = None) -> dict[str, Any]:
    """Return the event of a function URL."""
    return {"headers": {"x-signature": signature(body) if header is None else header}, "body": body}


@pytest.fixture
def call(load, context, monkeypatch):
    """Return what calls the function, and the list it publishes to."""
    monkeypatch.setenv("SIGNING_SECRET", ARN)
    published = []

    def call(event: dict[str, Any], now: float = NOW) -> int:
        answer = load("webhook").handle(
            event, context, lambda *it: published.append(it), lambda _arn, _period: SECRET, lambda: now
        )
        return answer["statusCode"]

    return call, published


def test_a_genuine_callback_is_passed_on(call):
    """What the provider signed is published under the function's name."""
    call, published = call
    assert call(request()) == 202
    assert published == [("dev-function", json.loads(BODY))]


def test_a_binary_body_is_verified_as_sent(call):
    """Lambda encodes bodies it takes for binary; the signature is of the decoded one."""
    call, published = call
    event = {**request(), "body": base64.b64encode(BODY.encode()).decode(), "isBase64Encoded": True}
    assert call(event) == 202
    assert len(published) == 1


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        "t=,v1=",
        "t=²,v1=00",
        f"t={NOW},v1=é",
        f"t={NOW}",
        signature(BODY, secret="another"),
        signature(BODY + " "),
        signature(BODY, stamp=NOW - 301),
        signature(BODY, stamp=NOW + 301),
        signature(BODY).replace(str(NOW), str(NOW + 1)),
    ],
)
def test_a_forged_or_stale_callback_is_refused(call, header):
    """A wrong key, another body, a moved or an old time: 401, and nothing is published."""
    call, published = call
    assert call(request(header=header)) == 401
    assert published == []


def test_a_callback_without_a_signature_is_refused(call):
    """No header at all is no crash."""
    call, published = call
    assert call({"headers": {}, "body": BODY}) == 401
    assert published == []


@pytest.mark.parametrize("body", ["{", "[]", "1", ""])
def test_a_signed_body_that_is_no_object_is_a_bad_request(call, body):
    """The sender made a mistake: 400 tells it so, and a repetition would not help."""
    call, published = call
    assert call(request(body)) == 400
    assert published == []


def test_the_secret_is_fetched_by_its_arn_once_in_a_while(load, context, aws, monkeypatch):
    """The value comes from the secret's own region, is kept for a while, and a rotated one is picked up."""
    manager = boto3.client("secretsmanager", region_name="us-east-1")
    arn = manager.create_secret(Name="signing", SecretString=SECRET)["ARN"]
    monkeypatch.setenv("SIGNING_SECRET", arn)
    handle = load("webhook").handle
    assert handle(request(), context, clock=lambda: NOW) == {"statusCode": 202}
    manager.put_secret_value(SecretId=arn, SecretString="rotated")
    assert handle(request(), context, clock=lambda: NOW + 1) == {"statusCode": 202}
    fresh = request(header=signature(BODY, stamp=NOW + 400, secret="rotated"))
    assert handle(fresh, context, clock=lambda: NOW + 400) == {"statusCode": 202}
