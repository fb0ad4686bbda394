"""The steps of the pipeline supplier-feed: called as its pipes call them."""

import json
from typing import Any

import boto3
import pytest


def reported(*keys: str) -> list[dict[str, Any]]:
    """Return what a pipe makes of S3's notifications in a queue."""
    records = [{"s3": {"bucket": {"name": "feeds"}, "object": {"key": key}}} for key in keys]
    return [{"messageId": "m", "body": json.dumps({"Records": [record]})} for record in records]


def put(key: str, *offers: dict[str, Any]) -> None:
    """Put a supplier's file into the bucket."""
    place = {"LocationConstraint": "eu-west-1"}
    boto3.client("s3").create_bucket(Bucket="feeds", CreateBucketConfiguration=place)
    boto3.client("s3").put_object(Bucket="feeds", Key=key, Body=json.dumps(offers).encode())


def test_a_file_goes_through_both_steps(load, context, aws):
    """What the first returns is, one message each, what the second gets."""
    put("acme/new offers.json", {"sku": 7, "price": 10}, {"sku": "8", "price": 0.99})
    read = load("feed-reader").handle(reported("acme/new+offers.json"), context)
    priced = load("feed-pricer").handle([{"body": json.dumps(each)} for each in read], context)
    assert [(each["supplier"], each["sku"], each["our_price"]) for each in priced] == [
        ("acme", "7", "13.00"), ("acme", "8", "1.29"),
    ]  # fmt: skip


def test_a_file_of_too_many_offers_is_refused_whole(load, context, aws):
    """A pipe would fail to send them on; half a file would be worse."""
    put("acme/a.json", *[{"sku": n, "price": 1} for n in range(11)])
    module = load("feed-reader")
    with pytest.raises(module.TooManyOffersError, match="split the file"):
        module.handle(reported("acme/a.json"), context)


def test_a_price_of_nothing_is_refused(load, context):
    """It would be sold for nothing; as a dead letter somebody looks at it."""
    with pytest.raises(ValueError, match="offer 7 of acme has the price 0"):
        load("feed-pricer").handle([{"body": '{"supplier": "acme", "sku": "7", "price": 0}'}], context)
