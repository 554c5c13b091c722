"""XSUB, the picture subtitles of DivX films. Pure, and by hand, as ``pgs.py`` is.

A packet holds its own times as text, a place, four colours, and run lengths as DVDs have them, two fields.
"""

import re
import struct
from collections.abc import Sequence

from matinee.models.subtitles import DrawnEvent, Picture
from matinee.subtitles import png
from matinee.subtitles.png import Bitmap
from matinee.subtitles.vobsub import fill

WITH_OPACITY = b"DXSA"
"""How a container names tracks whose packets say how opaque each colour is."""
LONGEST_S = 60.0
"""Who says that a picture stays longer does not know it."""

_TIMES = re.compile(rb"\[(\d\d):(\d\d):(\d\d)\.(\d{3})-(\d\d):(\d\d):(\d\d)\.(\d{3})\]")
_HEAD = struct.Struct("<7H")
_TIMES_BYTES = 27
_COLOURS = 4
_CANVAS = (720, 576)


def read(setup: bytes, events: Sequence[DrawnEvent], frame: tuple[int, int] | None) -> tuple[Picture, ...]:
    """Draw packets; what does not make sense is left out.

    Args:
        setup: how the container names the track.
        events: a packet each.
        frame: width and height of the film's picture, on which they are placed.
    """
    found: list[Picture] = []
    left = png.MOST_PIXELS
    # A container in which they lie (AVI) counts them, and has no times for them.
    timed = sorted((times, event.data) for event in events if (times := _times(event.data)) is not None)
    for number, ((start_s, stop_s), data) in enumerate(timed):
        next_s = timed[number + 1][0][0] if number + 1 < len(timed) else start_s + LONGEST_S
        shown = (start_s, stop_s if stop_s - start_s <= LONGEST_S else min(next_s, start_s + LONGEST_S))
        if left <= 0 or shown[1] <= start_s:
            continue
        picture = _draw(data, shown, frame or _CANVAS, with_opacity=setup == WITH_OPACITY)
        if picture is not None:
            left -= picture.width * picture.height
            found.append(picture)
    return tuple(found)


def _times(data: bytes) -> tuple[float, float] | None:
    found = _TIMES.match(data)
    if found is None:
        return None
    parts = [int(part) for part in found.groups()]
    start_s, stop_s = (
        hours * 3600 + minutes * 60 + seconds + part_ms / 1000
        for hours, minutes, seconds, part_ms in (parts[:4], parts[4:])
    )
    return (start_s, stop_s) if start_s < stop_s else None


def _draw(
    data: bytes, shown: tuple[float, float], canvas: tuple[int, int], *, with_opacity: bool
) -> Picture | None:
    start = _TIMES_BYTES + _HEAD.size + _COLOURS * (4 if with_opacity else 3)
    if len(data) < start:
        return None
    width, height, left, top, *_ = _HEAD.unpack_from(data, _TIMES_BYTES)
    if not 0 < width * height <= png.MAX_PIXELS:
        return None
    pixels = bytearray(width * height)
    at = fill(pixels, data, 2 * start, width, range(0, height, 2))
    fill(pixels, data, at, width, range(1, height, 2))
    drawn = png.write(Bitmap(width, height, bytes(pixels)), _palette(data, with_opacity=with_opacity))
    return Picture(*shown, left, top, width, height, *canvas, drawn)


def _palette(data: bytes, *, with_opacity: bool) -> dict[int, tuple[int, int, int, int]]:
    at = _TIMES_BYTES + _HEAD.size
    opacities = data[at + 12 : at + 16] if with_opacity else b"\x00\xff\xff\xff"
    return {
        index: (data[at + 3 * index], data[at + 3 * index + 1], data[at + 3 * index + 2], opacities[index])
        for index in range(_COLOURS)
    }
