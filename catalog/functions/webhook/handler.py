"""Take the payment provider's callbacks: verify the signature, pass the event on.

The signature is `t=<seconds>,v1=<hex>` in the header `x-signature`: an HMAC-SHA256 of `<seconds>.<body>`. The time is
signed too, so that a recorded callback cannot be sent again later.
"""

import base64
import hashlib
import hmac
import json
import os
import time
from collections.abc import Callable
from functools import cache
from typing import Any, Final, Protocol

import boto3

TOLERANCE: Final = 300
"""Seconds a signature may be old."""
SECRET_LIFE: Final = 300
"""Seconds a fetched secret is kept: a rotated one is picked up without a deployment."""

Publish = Callable[[str, dict[str, Any]], None]
FetchSecret = Callable[[str, int], str]


class Context(Protocol):
    """What Lambda tells about the running function."""

    function_name: str


_events = cache(lambda: boto3.client("events"))


@cache
def fetch_secret(arn: str, period: int) -> str:
    """Return the value of a secret; `period` numbers the time slices in which it is fetched once.

    The region is the secret's own: functions in other regions share it.
    """
    del period
    region = arn.split(":")[3]
    value: str = boto3.client("secretsmanager", region_name=region).get_secret_value(SecretId=arn)["SecretString"]
    return value


def publish(source: str, detail: dict[str, Any]) -> None:
    """Put a callback on the event bus; raises RuntimeError when the bus refuses it, which the API calls a success."""
    answer = _events().put_events(
        Entries=[{"Source": source, "DetailType": "payment-callback", "Detail": json.dumps(detail)}]
    )
    if answer["FailedEntryCount"]:
        raise RuntimeError(f"callback refused: {answer['Entries'][0].get('ErrorCode')}")


def is_genuine(header: str, body: bytes, secret: str, now: float) -> bool:
    """Tell whether a signature header belongs to a body, and is fresh."""
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    stamp, signature = parts.get("t", ""), parts.get("v1", "")
    if not (stamp.isdecimal() and stamp.isascii()) or abs(now - int(stamp)) > TOLERANCE:
        return False
    expected = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode())


def handle(
    event: dict[str, Any],
    context: Context,
    publish: Publish = publish,
    fetch_secret: FetchSecret = fetch_secret,
    clock: Callable[[], float] = time.time,
) -> dict[str, int]:
    """Publish a genuine callback and answer 202; answer 401 to a forged or stale one, 400 to one that is no JSON."""
    text = event.get("body") or ""
    body = base64.b64decode(text) if event.get("isBase64Encoded") else text.encode()
    now = clock()
    secret = fetch_secret(os.environ["SIGNING_SECRET"], int(now) // SECRET_LIFE)
    if not is_genuine(event["headers"].get("x-signature", ""), body, secret, now):
        return {"statusCode": 401}
    detail = _json_object(body)
    if detail is None:
        return {"statusCode": 400}
    publish(context.function_name, detail)
    return {"statusCode": 202}


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
