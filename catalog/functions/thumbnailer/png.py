"""Shrink PNG pictures with the standard library alone: a Lambda archive stays free of binaries.

Reads what cameras and designers' tools export: 8 bits a channel, RGB or RGBA, not interlaced
(https://www.w3.org/TR/png-3/). Anything else is refused with a ValueError that says so.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
MOST_PIXELS: Final = 25_000_000
"""A small file can claim to be huge; unpacking stops at what the header may claim."""
CHANNELS: Final = {2: 3, 6: 4}
"""By colour type: RGB and RGBA."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels, row by row."""

    width: int
    channels: int
    rows: tuple[bytes, ...]


def shrink(data: bytes, longest: int) -> bytes:
    """Return a PNG whose longer side is at most `longest` pixels; a small picture is returned as it is."""
    picture = decode(data)
    factor = -(-max(picture.width, len(picture.rows)) // longest)
    return data if factor == 1 else encode(average(picture, factor))


def decode(data: bytes) -> Picture:
    """Return the pixels of a PNG; raises ValueError for one that is damaged or of a form we do not read."""
    chunks = list(_chunks(data))
    if not chunks or chunks[0][0] != b"IHDR":
        raise ValueError("not a PNG")
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if depth != 8 or colour not in CHANNELS or interlaced or width * height > MOST_PIXELS:
        raise ValueError(f"{width}x{height}, depth {depth}, colour type {colour}, interlaced {interlaced} is not read")
    stride = width * CHANNELS[colour]
    packed = b"".join(body for kind, body in chunks if kind == b"IDAT")
    raw = zlib.decompressobj().decompress(packed, height * (stride + 1))
    if len(raw) < height * (stride + 1):
        raise ValueError("the picture is cut off")
    return Picture(width, CHANNELS[colour], tuple(_unfiltered(raw, stride, CHANNELS[colour])))


def encode(picture: Picture) -> bytes:
    """Return pixels as a PNG."""
    colour = next(colour for colour, channels in CHANNELS.items() if channels == picture.channels)
    header = struct.pack(">IIBBBBB", picture.width, len(picture.rows), 8, colour, 0, 0, 0)
    packed = zlib.compress(b"".join(b"\0" + row for row in picture.rows))
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def average(picture: Picture, factor: int) -> Picture:
    """Return a picture whose every pixel is the mean of a square of `factor` by `factor`, or what is left of it."""
    tops = range(0, len(picture.rows), factor)
    rows = tuple(_mean(picture.rows[top : top + factor], picture.channels, factor) for top in tops)
    return Picture(len(rows[0]) // picture.channels, picture.channels, rows)


def _mean(rows: tuple[bytes, ...], channels: int, factor: int) -> bytes:
    columns = [sum(column) for column in zip(*rows, strict=True)]
    row = bytearray()
    for left in range(0, len(columns), factor * channels):
        square = columns[left : left + factor * channels]
        pixels = len(square) // channels * len(rows)
        row += bytes(sum(square[channel::channels]) // pixels for channel in range(channels))
    return bytes(row)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(SIGNATURE) if data.startswith(SIGNATURE) else len(data)
    while position + 12 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, position)
        body = data[position + 8 : position + 8 + size]
        if data[position : position + 12 + size] != _chunk(kind, body):
            raise ValueError(f"damaged at byte {position}")
        yield kind, body
        position += 12 + size


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _unfiltered(raw: bytes, stride: int, channels: int) -> Iterator[bytes]:
    above = bytes(stride)
    for start in range(0, len(raw), stride + 1):
        above = _restored(raw[start], raw[start + 1 : start + 1 + stride], above, channels)
        yield above


def _restored(kind: int, line: bytes, above: bytes, channels: int) -> bytes:
    """Undo the filter of one row, https://www.w3.org/TR/png-3/#9Filters."""
    if kind >= len(PREDICTORS):
        raise ValueError(f"unknown filter {kind}")
    predict = PREDICTORS[kind]
    # A pixel's worth of zeros stands left of each row, so that the first pixel needs no case of its own.
    row, over = bytearray(channels) + line, bytes(channels) + above
    for i in range(channels, len(row)):
        row[i] = (row[i] + predict(row[i - channels], over[i], over[i - channels])) & 0xFF
    return bytes(row[channels:])


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))


PREDICTORS: Final[tuple[Callable[[int, int, int], int], ...]] = (
    lambda _left, _above, _corner: 0,
    lambda left, _above, _corner: left,
    lambda _left, above, _corner: above,
    lambda left, above, _corner: (left + above) // 2,
    _paeth,
)
"""What a filter guesses of a byte, from its neighbours to the left, above, and above to the left."""
