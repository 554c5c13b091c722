"""The picture subtitles of DVDs. Pure, and by hand, as ``pgs.py`` is.

A packet holds two fields of run lengths, four colours each, and commands with delays that show and hide them.
"""

import math
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matinee.models.subtitles import DrawnEvent, Picture
from matinee.subtitles import png
from matinee.subtitles.png import Bitmap

PACKET_MAX_BYTES = 64 * 1024
"""Two bytes say how long one is."""
MOST_BYTES = 1024 * 1024
"""Of all packets that are drawn at once, two seconds' work: a usual one has 3 kB."""
LONGEST_S = 60.0
"""Who says that a picture stays longer does not know it."""

_HEAD = struct.Struct(">HH")
_TICK_S = 1024 / 90_000
_MOST_BLOCKS = 64
_NEVER_S = 0xFFFF * _TICK_S
_SIZES = {0x00: 0, 0x01: 0, 0x02: 0, 0x03: 2, 0x04: 2, 0x05: 6, 0x06: 4}
"""Bytes behind each command that is known."""
_COLOUR = re.compile(r"[0-9a-fA-F]{6}")
_PALETTE = re.compile(r"^palette:([^\r\n]*)", re.MULTILINE)
_SIZE = re.compile(r"^size:\s*(\d{2,4})x(\d{2,4})", re.MULTILINE)
_USUAL = (0x000000, 0x0000FF, 0x00FF00, 0xFF0000, 0xFFFF00, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
          0x808000, 0x8080FF, 0x800080, 0x80FF80, 0x008080, 0xFF8080, 0x555555, 0xAAAAAA)  # fmt: skip
_CANVAS = (720, 576)


@dataclass(slots=True)
class _Shown:
    """What a packet's commands say."""

    colours: bytes = b"\x00\x00"
    opacities: bytes = b"\x00\x00"
    area: bytes = b""
    fields: bytes = b""
    start_s: float | None = None
    stop_s: float | None = None


def read(setup: bytes, events: Sequence[DrawnEvent], stop_s: float) -> tuple[Picture, ...]:
    """Draw packets; what does not make sense is left out.

    Args:
        setup: the track's palette and size, as text of an ``.idx``.
        events: a packet each, by their time.
        stop_s: when the last one ends at the latest, where it does not say it.
    """
    text = setup.decode("latin-1")
    palette, canvas = _palette(text), _canvas(text)
    found: list[Picture] = []
    left = png.MOST_PIXELS
    bytes_left = MOST_BYTES
    for number, event in enumerate(events):
        next_s = events[number + 1].start_s if number + 1 < len(events) else math.inf
        shown = _commands(event.data)
        start_s = event.start_s + (shown.start_s or 0.0)
        said_s = event.start_s + shown.stop_s if shown.stop_s is not None else event.stop_s or math.inf
        end_s = min(said_s if said_s - start_s < LONGEST_S else math.inf, next_s)
        end_s = end_s if end_s < math.inf else max(stop_s, event.start_s)
        if shown.start_s is not None and end_s > start_s and left > 0 and bytes_left > 0:
            bytes_left -= len(event.data)
            picture = _draw(event.data[:PACKET_MAX_BYTES], shown, palette, canvas, (start_s, end_s))
            if picture is not None:
                left -= picture.width * picture.height
                found.append(picture)
    return tuple(found)


def _palette(text: str) -> tuple[int, ...]:
    found = _PALETTE.search(text)
    colours = [int(colour, 16) for colour in _COLOUR.findall(found[1])][:16] if found else []
    return (*colours, *_USUAL[len(colours) :])


def _canvas(text: str) -> tuple[int, int]:
    found = _SIZE.search(text)
    return (int(found[1]), int(found[2])) if found else _CANVAS


def _commands(data: bytes) -> _Shown:
    """Read what a packet's blocks of commands say: each has a delay and says where the next one is."""
    shown = _Shown()
    at = _HEAD.unpack_from(data)[1] if len(data) >= _HEAD.size else 0
    for _ in range(_MOST_BLOCKS):
        if not _HEAD.size <= at <= len(data) - _HEAD.size:
            break
        delay, following = _HEAD.unpack_from(data, at)
        for command, body in _block(data, at + _HEAD.size):
            _obey(shown, command, body, delay * _TICK_S)
        if following <= at:
            break
        at = following
    return shown


def _block(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at < len(data) and data[at] in _SIZES:
        size = _SIZES[data[at]]
        yield data[at], data[at + 1 : at + 1 + size]
        at += 1 + size


def _obey(shown: _Shown, command: int, body: bytes, delay_s: float) -> None:
    match command:
        case 0x00 | 0x01:
            shown.start_s = delay_s if shown.start_s is None else shown.start_s
        case 0x02:
            shown.stop_s = delay_s if delay_s < _NEVER_S else None
        case 0x03 if len(body) == 2:
            shown.colours = body
        case 0x04 if len(body) == 2:
            shown.opacities = body
        case 0x05 if len(body) == 6:
            shown.area = body
        case 0x06 if len(body) == 4:
            shown.fields = body


def _draw(
    data: bytes,
    shown: _Shown,
    palette: tuple[int, ...],
    canvas: tuple[int, int],
    times_s: tuple[float, float],
) -> Picture | None:
    if not shown.area or not shown.fields:
        return None
    left, right, top, bottom = _edges(shown.area)
    width, height = right - left + 1, bottom - top + 1
    if width <= 0 or height <= 0 or width * height > png.MAX_PIXELS:
        return None
    pixels = bytearray(width * height)
    for parity, start in enumerate(_HEAD.unpack(shown.fields)):
        fill(pixels, data, 2 * start, width, range(parity, height, 2))
    colours = {}
    for index, (colour, opacity) in enumerate(
        zip(_nibbles(shown.colours), _nibbles(shown.opacities), strict=True)
    ):
        value = palette[colour]
        colours[index] = (value >> 16, value >> 8 & 255, value & 255, opacity * 17)
    drawn = png.write(Bitmap(width, height, bytes(pixels)), colours)
    return Picture(*times_s, left, top, width, height, *canvas, drawn)


def _edges(area: bytes) -> tuple[int, int, int, int]:
    across, down = int.from_bytes(area[:3], "big"), int.from_bytes(area[3:], "big")
    return across >> 12, across & 0xFFF, down >> 12, down & 0xFFF


def _nibbles(two: bytes) -> tuple[int, int, int, int]:
    """Give four values, that of the background first."""
    return two[1] & 15, two[1] >> 4, two[0] & 15, two[0] >> 4


def fill(pixels: bytearray, data: bytes, at: int, width: int, rows: range) -> int:
    """Draw a field's rows out of its run lengths: of 4 to 16 bits, the shorter the run; each row begins a byte.

    Args:
        pixels: those of the whole picture, a byte each.
        data: where the run lengths are.
        at: where they begin, in half bytes.
        width: of the picture.
        rows: which ones these are.

    Returns:
        Where they end, in half bytes.
    """
    end = len(data) * 2
    for row in rows:
        column = 0
        while column < width:
            value, digits = 0, 0
            while digits < 4 and at < end:
                value = value << 4 | (data[at >> 1] >> (4 if at % 2 == 0 else 0) & 15)
                at, digits = at + 1, digits + 1
                if value >= 1 << 2 * digits:
                    break
            if digits == 0:
                return at
            count = value >> 2 or width - column
            count = min(count, width - column)
            if value & 3:
                begin = row * width + column
                pixels[begin : begin + count] = bytes((value & 3,)) * count
            column += count
        at += at % 2
    return at
