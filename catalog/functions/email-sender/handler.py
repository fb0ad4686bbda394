"""Send the e-mails that arrive on the queue `emails`, each a template and its values."""

import json
import logging
import os
from collections.abc import Callable
from functools import cache
from string import Template
from typing import Any, Final, NamedTuple

import boto3

logger = logging.getLogger(__name__)


class Message(NamedTuple):
    """What goes out."""

    to: str
    subject: str
    text: str


TEMPLATES: Final = {
    "order-confirmed": (
        "Your order $order",
        "Thank you, $name. We have your order $order and will write when it leaves.",
    ),
    "parcel-sent": ("Order $order is on its way", "Good news, $name: your parcel left us. Follow it at $tracking"),
}
"""Subject and text by name."""

Send = Callable[[Message], None]


_ses = cache(lambda: boto3.client("sesv2"))


def send(message: Message) -> None:
    """Send through SES from the address of this environment."""
    _ses().send_email(
        FromEmailAddress=os.environ["SENDER"],
        Destination={"ToAddresses": [message.to]},
        Content={"Simple": {"Subject": {"Data": message.subject}, "Body": {"Text": {"Data": message.text}}}},
    )


def compose(body: str) -> Message:
    """Return the message a request asks for.

    Raises KeyError for an unknown template or a missing value: half a sentence never leaves the house.
    """
    request = json.loads(body)
    subject, text = TEMPLATES[request["template"]]
    values = request["values"]
    return Message(request["to"], Template(subject).substitute(values), Template(text).substitute(values))


def handle(event: dict[str, Any], _context: object, send: Send = send) -> dict[str, list[dict[str, str]]]:
    """Send a batch; messages that fail are named, so that SQS delivers only them again."""
    failed = []
    for record in event["Records"]:
        try:
            send(compose(record["body"]))
        except Exception:
            # One bad request must not hold up the others, nor send those twice.
            logger.exception("e-mail not sent, message %s", record["messageId"])
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
