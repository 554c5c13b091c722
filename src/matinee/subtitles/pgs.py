"""Presentation graphics, the picture subtitles of Blu-ray. Pure, and by hand: decoders of strangers' pictures in C
have been holes in other players.

A display set is a composition (what is shown where), palettes, objects (pictures) and an end. Objects and palettes
stay from set to set until an epoch begins anew.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from matinee.models.subtitles import DrawnEvent, Picture
from matinee.subtitles import png
from matinee.subtitles.png import Bitmap

MOST_OBJECTS = 64
OBJECT_MAX_BYTES = 4 * 1024 * 1024
"""Of an object's run lengths."""

_SEGMENT = struct.Struct(">BH")
_COMPOSITION = struct.Struct(">HHBHBBBB")
_PLACED = struct.Struct(">HBBHH")
_PALETTE, _OBJECT, _COMPOSE = 0x14, 0x15, 0x16
_FIRST = 0x80
_CROPPED = 0x80
_NORMAL = 0x00
_LARGE_LINES = 576


@dataclass(frozen=True, slots=True)
class _Composition:
    width: int
    height: int
    palette: int
    placed: tuple[tuple[int, int, int], ...]
    """Object, left, top."""


@dataclass(slots=True)
class _Object:
    width: int
    height: int
    runs: bytearray
    pixels: bytearray | None = None
    """Once drawn."""


@dataclass(slots=True)
class _Epoch:
    palettes: dict[int, dict[int, tuple[int, int, int, int]]] = field(default_factory=dict)
    """By number: luma, red, blue, opacity by colour."""
    objects: dict[int, _Object] = field(default_factory=dict)
    filling: int | None = None
    """The object whose run lengths go on in the next segment."""


def read(events: Sequence[DrawnEvent], stop_s: float) -> tuple[Picture, ...]:
    """Draw display sets; what does not make sense is left out.

    Args:
        events: a display set each, by their time.
        stop_s: when the last one ends at the latest that is known.
    """
    found: list[Picture] = []
    epoch = _Epoch()
    left = png.MOST_PIXELS
    for number, event in enumerate(events):
        end_s = events[number + 1].start_s if number + 1 < len(events) else max(stop_s, event.start_s)
        composition = _take(event.data, epoch)
        if composition is None or end_s <= event.start_s or left <= 0:
            continue
        picture = _draw(composition, epoch, event.start_s, end_s)
        if picture is not None:
            left -= picture.width * picture.height
            found.append(picture)
    return tuple(found)


def _take(data: bytes, epoch: _Epoch) -> _Composition | None:
    """Take in a display set; gives its composition."""
    composition: _Composition | None = None
    for kind, body in _segments(data):
        if kind == _COMPOSE and len(body) >= _COMPOSITION.size:
            composition = _composition(body, epoch)
        elif kind == _PALETTE and len(body) >= 2:
            _add_palette(body, epoch)
        elif kind == _OBJECT and len(body) >= 4:
            _add_object(body, epoch)
    return composition


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _SEGMENT.size <= len(data):
        kind, size = _SEGMENT.unpack_from(data, at)
        at += _SEGMENT.size
        yield kind, data[at : at + size]
        at += size


def _composition(body: bytes, epoch: _Epoch) -> _Composition:
    width, height, _, _, state, _, palette, count = _COMPOSITION.unpack_from(body)
    if state != _NORMAL:
        epoch.objects.clear()
        epoch.filling = None
        epoch.palettes.clear()
    placed: list[tuple[int, int, int]] = []
    at = _COMPOSITION.size
    for _ in range(count):
        if at + _PLACED.size > len(body):
            break
        name, _, flags, left, top = _PLACED.unpack_from(body, at)
        placed.append((name, left, top))
        at += _PLACED.size + (8 if flags & _CROPPED else 0)
    return _Composition(width, height, palette, tuple(placed))


def _add_palette(body: bytes, epoch: _Epoch) -> None:
    colours = epoch.palettes.setdefault(body[0], {})
    for at in range(2, len(body) - 4, 5):
        colours[body[at]] = (body[at + 1], body[at + 2], body[at + 3], body[at + 4])


def _add_object(body: bytes, epoch: _Epoch) -> None:
    name = int.from_bytes(body[:2], "big")
    if body[3] & _FIRST:
        width, height = struct.unpack(">HH", body[7:11]) if len(body) >= 11 else (0, 0)
        if 0 < width * height <= png.MAX_PIXELS and len(epoch.objects) < MOST_OBJECTS:
            epoch.objects[name] = _Object(width, height, bytearray(body[11:]))
            epoch.filling = name
        else:
            epoch.filling = None
    elif epoch.filling == name and len(epoch.objects[name].runs) < OBJECT_MAX_BYTES:
        epoch.objects[name].runs += body[4:]
        epoch.objects[name].pixels = None


def _draw(composition: _Composition, epoch: _Epoch, start_s: float, stop_s: float) -> Picture | None:
    """Draw a composition's objects into one picture, no larger than they need."""
    parts = [
        (left, top, epoch.objects[name]) for name, left, top in composition.placed if name in epoch.objects
    ]
    colours = epoch.palettes.get(composition.palette)
    if not parts or not colours or composition.width == 0 or composition.height == 0:
        return None
    left, top = min(part[0] for part in parts), min(part[1] for part in parts)
    width = max(at + one.width for at, _, one in parts) - left
    height = max(at + one.height for _, at, one in parts) - top
    if width * height > png.MAX_PIXELS:
        return None
    if len(parts) == 1:
        pixels = bytes(_pixels(parts[0][2]))
    else:
        clear = next((index for index in reversed(range(256)) if colours.get(index, png.CLEAR)[3] == 0), 255)
        canvas = bytearray([clear]) * (width * height)
        for at_left, at_top, one in parts:
            _place(canvas, width, one, (at_top - top) * width + at_left - left)
        pixels = bytes(canvas)
    palette = {
        index: (*png.rgb(y, cr, cb, large=composition.height > _LARGE_LINES), opacity)
        for index, (y, cr, cb, opacity) in colours.items()
    }
    drawn = png.write(Bitmap(width, height, pixels), palette)
    return Picture(start_s, stop_s, left, top, width, height, composition.width, composition.height, drawn)


def _place(canvas: bytearray, width: int, one: _Object, at: int) -> None:
    pixels = _pixels(one)
    for row in range(one.height):
        start = at + row * width
        canvas[start : start + one.width] = pixels[row * one.width : (row + 1) * one.width]


def _pixels(one: _Object) -> bytearray:
    """Give an object's pixels out of its run lengths; what they leave out has the colour 0."""
    if one.pixels is None:
        one.pixels = _decoded(one)
    return one.pixels


def _decoded(one: _Object) -> bytearray:
    runs, width = one.runs, one.width
    pixels = bytearray(width * one.height)
    at, row, column = 0, 0, 0
    end = len(runs)
    while at < end and row < one.height:
        colour, count = runs[at], 1
        at += 1
        if colour == 0:
            if at >= end:
                break
            flags = runs[at]
            at += 1
            if flags == 0:
                row, column = row + 1, 0
                continue
            count = flags & 0x3F
            if flags & 0x40 and at < end:
                count = count << 8 | runs[at]
                at += 1
            if flags & 0x80 and at < end:
                colour = runs[at]
                at += 1
        count = min(count, width - column)
        if colour and count:
            start = row * width + column
            pixels[start : start + count] = bytes((colour,)) * count
        column += count
    return pixels
