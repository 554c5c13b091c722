"""What a picture is, by its first bytes, before anything decodes it. Pure.

JPEG (ITU T.81), PNG, GIF (89a) and WebP (RFC 9649). What it says of its size is held against a limit here: a decoder
would make room for it first. SVG and everything else is no picture.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MOST_PIXELS = 25_000_000
"""Of a picture: a poster of 4000 by 6000 is taken."""
MOST_SIDE = 16_383
"""Pixels; WebP's own limit."""
LEAST_SIDE = 48
"""Smaller ones are marks that count who looks, or nothing to look at."""
_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG's markers that say a size."""
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""JPEG's markers without a length."""


class NoPicture(Exception):
    """It is none, or one that is not opened; the text says why."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture says of itself."""

    kind: str
    """``jpeg``, ``png``, ``gif`` or ``webp``."""
    width: int
    """Pixels."""
    height: int


def read_header(data: bytes) -> Header:
    """Read what a picture is.

    Raises:
        NoPicture: it is none of these, is cut off, too small or too large.
    """
    try:
        header = _header(data)
    except (struct.error, IndexError) as exc:
        raise NoPicture("it is cut off") from exc
    if min(header.width, header.height) < LEAST_SIDE or max(header.width, header.height) > MOST_SIDE:
        raise NoPicture(f"it says it has {header.width} by {header.height} pixels")
    if header.width * header.height > MOST_PIXELS:
        raise NoPicture(f"{header.width} by {header.height} pixels are too many")
    return header


def first_frame(data: bytes) -> bytes:
    """Give a WebP that does not move: the first picture of one that does, which no decoder of ours opens.

    Raises:
        NoPicture: it moves, and has no picture.
    """
    if data[12:16] != b"VP8X" or not data[20] & 0x02:
        return data
    for name, body in _chunks(data[12:]):
        if name == b"ANMF":
            inside = [(one, part) for one, part in _chunks(body[16:]) if one in (b"VP8 ", b"VP8L")]
            if inside:
                (kind, part), *_ = inside
                # Without its alpha: a poster is not looked through.
                chunk = kind + struct.pack("<I", len(part)) + part + b"\0" * (len(part) % 2)
                return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk
    raise NoPicture("it has no picture")


def _header(data: bytes) -> Header:
    if data[:3] == b"\xff\xd8\xff":
        return _jpeg(data)
    if data[:8] == _PNG:
        if data[12:16] != b"IHDR":
            raise NoPicture("it is no PNG")
        return Header("png", *struct.unpack(">II", data[16:24]))
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return Header("gif", *struct.unpack("<HH", data[6:10]))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(first_frame(data))
    raise NoPicture("it is no JPEG, PNG, GIF or WebP")


def _jpeg(data: bytes) -> Header:
    at = 2
    while at < len(data):
        if data[at] != 0xFF:
            raise NoPicture("it is no JPEG")
        marker = data[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        if marker in _ALONE:
            at += 2
            continue
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return Header("jpeg", width, height)
        if marker in (0xD9, 0xDA) or length < 2:
            raise NoPicture("it says no size")
        at += 2 + length
    raise NoPicture("it is cut off")


def _webp(data: bytes) -> Header:
    kind = data[12:16]
    if kind == b"VP8X":
        wide, high = (int.from_bytes(data[at : at + 3], "little") for at in (24, 27))
        return Header("webp", wide + 1, high + 1)
    if kind == b"VP8L":
        (bits,) = struct.unpack("<I", data[21:25])
        return Header("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return Header("webp", width & 0x3FFF, height & 0x3FFF)
    raise NoPicture("it is no WebP")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        name, (length,) = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])
        yield name, data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
