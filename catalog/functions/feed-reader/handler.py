"""Reads the offers in suppliers' files: a step of the pipeline supplier-feed.

A pipe calls a step with a list of events, and sends on each element of what the step returns.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-source.html
"""

import json
from typing import Any
from urllib.parse import unquote_plus

import boto3

OFFERS_A_FILE = 10
"""As many as a queue takes at once; a file of more is refused whole, and its notification becomes a dead letter."""


class TooManyOffersError(ValueError):
    """A file has more offers than a pipe can send on."""


def handle(events: list[dict[str, Any]], _context: object) -> list[dict[str, Any]]:
    """Return the offers in the files that S3 reports; an exception makes the pipe try again."""
    files = [record["s3"] for event in events for record in json.loads(event["body"])["Records"]]
    offers = [offer for file in files for offer in _offers(file["bucket"]["name"], unquote_plus(file["object"]["key"]))]
    if len(offers) > OFFERS_A_FILE:
        raise TooManyOffersError(f"{len(offers)} offers, of {OFFERS_A_FILE} allowed: split the file")
    return offers


def _offers(bucket: str, key: str) -> list[dict[str, Any]]:
    body = boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    supplier = key.partition("/")[0]
    return [
        {"supplier": supplier, "sku": str(offer["sku"]), "price": float(offer["price"])} for offer in json.loads(body)
    ]
