"""Make a thumbnail of every product picture that is uploaded.

Pictures arrive under `originals/` of the bucket; thumbnails go to the same key under `thumbnails/`, which does not
trigger the function again.
"""

import os
from functools import cache
from typing import Any, Final
from urllib.parse import unquote_plus

import boto3
from png import shrink

SOURCE: Final = "originals/"
TARGET: Final = "thumbnails/"
LARGEST: Final = 20 * 2**20
"""Bytes; a larger picture would not fit in the function's memory."""


_s3 = cache(lambda: boto3.client("s3"))


def thumbnail(bucket: str, key: str) -> str:
    """Write the thumbnail of one picture and return its key.

    Raises ValueError for a picture that cannot be shrunk: Lambda tries twice more, then it is a dead letter.
    """
    picture = _s3().get_object(Bucket=bucket, Key=key)
    if picture["ContentLength"] > LARGEST:
        raise ValueError(f"s3://{bucket}/{key} has {picture['ContentLength']} bytes; the limit is {LARGEST}")
    small = shrink(picture["Body"].read(), int(os.environ["LONGEST_SIDE"]))
    target = TARGET + key.removeprefix(SOURCE)
    _s3().put_object(Bucket=bucket, Key=target, Body=small, ContentType="image/png")
    return target


def handle(event: dict[str, Any], _context: object) -> dict[str, list[str]]:
    """Make the thumbnails of an S3 event; keys arrive URL-encoded."""
    uploads = (record["s3"] for record in event["Records"])
    pictures = ((upload["bucket"]["name"], unquote_plus(upload["object"]["key"])) for upload in uploads)
    return {"thumbnails": [thumbnail(bucket, key) for bucket, key in pictures if key.startswith(SOURCE)]}
