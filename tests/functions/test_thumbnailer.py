"""The function thumbnailer."""

import importlib
import random
import struct
import zlib
from urllib.parse import quote_plus

import boto3
import pytest

RED, GREEN, BLUE = b"\xff\0\0", b"\0\xff\0", b"\0\0\xff"


@pytest.fixture
def png(load):
    """Return the module that shrinks pictures."""
    load("thumbnailer")
    return importlib.import_module("png")


def picture(width: int, rows: list[bytes], *, colour: int = 2, depth: int = 8, filters: bytes | None = None) -> bytes:
    """Return a PNG of filtered rows, made without the code under test."""
    header = struct.pack(">IIBBBBB", width, len(rows), depth, colour, 0, 0, 0)
    kinds = filters or bytes(len(rows))
    packed = zlib.compress(b"".join(bytes([kind]) + row for kind, row in zip(kinds, rows, strict=True)))
    chunks = [(b"IHDR", header), (b"IDAT", packed[:7]), (b"IDAT", packed[7:]), (b"IEND", b"")]
    body = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def test_the_longer_side_fits_and_colours_are_averaged(png):
    """Four by two pixels become two by one: each the mean of its square."""
    small = png.decode(png.shrink(picture(4, [RED * 2 + BLUE * 2, RED * 2 + GREEN * 2]), 2))
    assert (small.width, small.rows) == (2, (RED + b"\0\x7f\x7f",))


def test_a_side_that_does_not_divide_keeps_its_rest(png):
    """Three pixels at factor two become two; the second is the mean of what is left."""
    small = png.decode(png.shrink(picture(3, [RED + RED + BLUE]), 2))
    assert small.rows == (RED + BLUE,)


def test_a_small_picture_stays_as_it_is(png):
    """Nothing is enlarged or packed again."""
    data = picture(2, [RED + BLUE])
    assert png.shrink(data, 2) is data


@pytest.mark.parametrize(("colour", "channels"), [(2, 3), (6, 4)])
def test_every_filter_is_undone(png, colour, channels):
    """The rows of one picture, each filtered in another of the five ways of the standard, come out as they went in."""
    dice = random.Random(channels)
    rows = [dice.randbytes(7 * channels) for _ in range(10)]
    above = [bytes(7 * channels), *rows]
    kinds = bytes(range(5)) * 2
    encoded = [filtered(*them, channels) for them in zip(kinds, rows, above, strict=False)]
    assert png.decode(picture(7, encoded, colour=colour, filters=kinds)).rows == tuple(rows)


def filtered(kind: int, row: bytes, above: bytes, channels: int) -> bytes:
    """Return a row as an encoder writes it, https://www.w3.org/TR/png-3/#9Filters."""
    result = bytearray()
    for i, value in enumerate(row):
        a, b, c = row[i - channels] * (i >= channels), above[i], above[i - channels] * (i >= channels)
        to_a, to_b, to_c = abs(b - c), abs(a - c), abs(a + b - 2 * c)
        paeth = a if to_a <= to_b and to_a <= to_c else b if to_b <= to_c else c
        result.append((value - (0, a, b, (a + b) // 2, paeth)[kind]) % 256)
    return bytes(result)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (b"GIF89a", "not a PNG"),
        (b"", "not a PNG"),
        (picture(2, [RED + BLUE])[:-20], "cut off"),
        (picture(2, [RED + BLUE]).replace(b"IDAT", b"JDAT", 1), "damaged"),
        (picture(2, [RED + BLUE], depth=16), "depth 16"),
        (picture(2, [b"\0\0"], colour=3), "colour type 3"),
        (picture(2, [RED]), "cut off"),
        (picture(2, [RED + BLUE], filters=b"\x09"), "unknown filter 9"),
        (picture(2**31, [b""]), "is not read"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(png, broken, reason):
    """A damaged, truncated, unusual or boastful picture is a ValueError that says why."""
    with pytest.raises(ValueError, match=reason):
        png.decode(broken)


def test_an_upload_gets_its_thumbnail_and_a_thumbnail_none(load, aws):
    """The key arrives URL-encoded; what already is a thumbnail is left alone."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="pictures", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="pictures", Key="originals/red shoe.png", Body=picture(640, [RED * 640]))
    keys = [quote_plus("originals/red shoe.png"), "thumbnails/red+shoe.png"]
    event = {"Records": [{"s3": {"bucket": {"name": "pictures"}, "object": {"key": key}}} for key in keys]}
    assert load("thumbnailer").handle(event, None) == {"thumbnails": ["thumbnails/red shoe.png"]}
    thumbnail = s3.get_object(Bucket="pictures", Key="thumbnails/red shoe.png")
    assert thumbnail["ContentType"] == "image/png"
    assert struct.unpack_from(">II", thumbnail["Body"].read(), 16) == (320, 1)
