"""Score orders for fraud, and publish a verdict on each.

Orders arrive on the queue `fraud-checks`, as checkout sends them; verdicts go to the account's default event bus.
"""

import json
import logging
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Protocol

import boto3

logger = logging.getLogger(__name__)


class Context(Protocol):
    """What Lambda tells about the running function."""

    function_name: str


@dataclass(frozen=True, slots=True)
class Order:
    """An order, as far as its risk is concerned."""

    order: str
    amount: float
    """In euros."""
    card_country: str
    delivery_country: str
    attempts: int
    """Payments tried, this one included."""


Publish = Callable[[str, dict[str, Any]], None]
"""Publishes a detail under a source."""


_events = cache(lambda: boto3.client("events"))


def publish(source: str, detail: dict[str, Any]) -> None:
    """Put a verdict on the event bus; raises RuntimeError when the bus refuses it, which the API calls a success."""
    answer = _events().put_events(
        Entries=[{"Source": source, "DetailType": "fraud-verdict", "Detail": json.dumps(detail)}]
    )
    if answer["FailedEntryCount"]:
        raise RuntimeError(f"verdict refused: {answer['Entries'][0].get('ErrorCode')}")


def score(order: Order) -> int:
    """Return the risk of an order, 0 to 100."""
    foreign_card = 40 if order.card_country != order.delivery_country else 0
    large = 30 if order.amount > float(os.environ["LARGE_AMOUNT"]) else 0
    return foreign_card + large + min(10 * (order.attempts - 1), 30)


def verdict(risk: int) -> str:
    """Return what to do with an order of some risk: `accept`, `review` or `reject`."""
    if risk >= int(os.environ["REJECT_AT"]):
        return "reject"
    return "review" if risk >= int(os.environ["REVIEW_AT"]) else "accept"


def handle(event: dict[str, Any], context: Context, publish: Publish = publish) -> dict[str, list[dict[str, str]]]:
    """Judge a batch of orders; those that fail are named, so that SQS delivers only them again."""
    failed = []
    for record in event["Records"]:
        try:
            order = Order(**json.loads(record["body"]))
            risk = score(order)
            publish(context.function_name, {**asdict(order), "risk": risk, "verdict": verdict(risk)})
        except Exception:
            # Whatever is wrong with one order must not hold up the others; after some tries it is a dead letter.
            logger.exception("order not judged, message %s", record["messageId"])
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
