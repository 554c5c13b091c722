"""The picture subtitles of television (ETSI EN 300 743). Pure, and by hand, as ``pgs.py`` is.

A display set is a page (which regions stand where), regions (a size, and objects in it), colour tables and objects
(run lengths of 2, 4 or 8 bits, two fields). Regions, tables and objects stay until a page begins anew.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from matinee.models.subtitles import DrawnEvent, Picture
from matinee.subtitles import png
from matinee.subtitles.dvb_pixels import Field, draw_field
from matinee.subtitles.dvb_tables import Table, read_table, usual_table
from matinee.subtitles.png import Bitmap

MOST_REGIONS = 64
MOST_OBJECTS = 256
MOST_PLACED = 64
"""Objects in a region."""
MOST_BYTES = 256 * 1024
"""Of run lengths that are drawn at once, two seconds' work: a usual picture has 5 kB."""

_SEGMENT = struct.Struct(">BBHH")
_SYNC = 0x0F
_PREFIX = b"\x20\x00"
_CANVAS = (720, 576)


@dataclass(slots=True)
class _Region:
    width: int
    height: int
    depth: int
    """Bits a pixel: 2, 4 or 8."""
    table: int
    pixels: bytearray
    placed: list[tuple[int, int, int]]
    """Object, left, top."""


@dataclass(slots=True)
class _Epoch:
    canvas: tuple[int, int] = _CANVAS
    lasts_s: float = 0.0
    page: list[tuple[int, int, int]] = field(default_factory=list)
    """Region, left, top."""
    regions: dict[int, _Region] = field(default_factory=dict)
    tables: dict[int, Table] = field(default_factory=dict)
    bytes_left: int = MOST_BYTES
    pixels_left: int = png.MOST_PIXELS


def read(events: Sequence[DrawnEvent], stop_s: float) -> tuple[Picture, ...]:
    """Draw display sets; what does not make sense is left out.

    Args:
        events: a display set each, by their time.
        stop_s: when the last one ends at the latest.
    """
    epoch = _Epoch()
    found: list[Picture] = []
    moments = [*(event.start_s for event in events), max([stop_s, *(event.start_s for event in events)])]
    for event, (start_s, next_s) in zip(events, pairwise(moments), strict=True):
        if not _take(event.data, epoch):
            continue
        end_s = min(next_s, start_s + epoch.lasts_s) if epoch.lasts_s else next_s
        picture = _draw(epoch, start_s, end_s) if end_s > start_s else None
        if picture is not None:
            found.append(picture)
    return tuple(found)


def _take(data: bytes, epoch: _Epoch) -> bool:
    """Take a display set's segments; tells whether a page was among them."""
    paged = False
    objects: dict[int, bytes] = {}
    for kind, body in _segments(data):
        match kind:
            case 0x10 if len(body) >= 2:
                _take_page(body, epoch)
                paged = True
            case 0x11 if len(body) >= 10:
                _take_region(body, epoch)
            case 0x12 if len(body) >= 2:
                epoch.tables[body[0]] = read_table(body, epoch.tables.get(body[0]))
            case 0x13 if len(body) >= 3 and len(objects) < MOST_OBJECTS:
                objects[int.from_bytes(body[:2], "big")] = body
            case 0x14 if len(body) >= 5:
                width, height = struct.unpack_from(">HH", body, 1)
                epoch.canvas = (width + 1, height + 1)
    for region in epoch.regions.values():
        for name, left, top in region.placed:
            if name in objects:
                _take_object(objects[name], region, left, top, epoch)
    return paged


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    # Some containers keep what stands before the segments in a transport stream.
    at = len(_PREFIX) if data.startswith(_PREFIX) else 0
    while at + _SEGMENT.size <= len(data):
        sync, kind, _, size = _SEGMENT.unpack_from(data, at)
        if sync != _SYNC:
            return
        yield kind, data[at + _SEGMENT.size : at + _SEGMENT.size + size]
        at += _SEGMENT.size + size


def _take_page(body: bytes, epoch: _Epoch) -> None:
    epoch.lasts_s = float(body[0])
    if body[1] >> 2 & 3:
        epoch.regions.clear()
        epoch.tables.clear()
    entries = struct.iter_unpack(">BxHH", body[2 : 2 + (len(body) - 2) // 6 * 6])
    epoch.page = list(entries)[:MOST_REGIONS]


def _take_region(body: bytes, epoch: _Epoch) -> None:
    name, flags, width, height, depths, table, fill, fills = struct.unpack_from(">BBHHBBBB", body)
    depth = {1: 2, 2: 4, 3: 8}.get(depths >> 2 & 7, 0)
    known = epoch.regions.get(name)
    if not depth or not 0 < width * height <= png.MAX_PIXELS:
        return
    if known is None or (known.width, known.height, known.depth) != (width, height, depth):
        if len(epoch.regions) >= MOST_REGIONS or epoch.pixels_left <= 0:
            return
        epoch.pixels_left -= width * height
        known = epoch.regions[name] = _Region(width, height, depth, table, bytearray(width * height), [])
    known.table = table
    if flags & 8 and epoch.pixels_left > 0:
        epoch.pixels_left -= width * height
        colour = {2: fills >> 2 & 3, 4: fills >> 4, 8: fill}[depth]
        known.pixels[:] = bytes((colour,)) * (width * height)
    known.placed = list(_placed(body))


def _placed(body: bytes) -> Iterator[tuple[int, int, int]]:
    at, count = 10, 0
    while at + 6 <= len(body) and count < MOST_PLACED:
        name, left, top = struct.unpack_from(">HHH", body, at)
        kind = left >> 14
        yield name, left & 0xFFF, top & 0xFFF
        at += 8 if kind in (1, 2) else 6
        count += 1


def _take_object(body: bytes, region: _Region, left: int, top: int, epoch: _Epoch) -> None:
    if body[2] >> 2 & 3 or len(body) < 7:
        return  # letters instead of pixels, which nobody sends
    above, below = struct.unpack_from(">HH", body, 3)
    upper = body[7 : 7 + above]
    lower = body[7 + above : 7 + above + below] or upper
    for parity, runs in enumerate((upper, lower)):
        if epoch.bytes_left <= 0:
            return
        epoch.bytes_left -= len(runs) + 1
        into = Field(region.pixels, region.width, region.height, region.depth, left, top + parity)
        draw_field(into, runs, skip_ones=bool(body[2] & 2))


def _draw(epoch: _Epoch, start_s: float, stop_s: float) -> Picture | None:
    """Put a page's regions into one picture; None when nothing is on it."""
    shown = [(epoch.regions[name], left, top) for name, left, top in epoch.page if name in epoch.regions]
    if not shown:
        return None
    left, top = min(one[1] for one in shown), min(one[2] for one in shown)
    width = max(x + region.width for region, x, _ in shown) - left
    height = max(y + region.height for region, _, y in shown) - top
    if width * height > png.MAX_PIXELS or epoch.pixels_left <= 0:
        return None
    epoch.pixels_left -= width * height
    colours: dict[tuple[int, int, int, int], int] = {png.CLEAR: 0}
    canvas = bytearray(width * height)
    for region, x, y in shown:
        recoloured = region.pixels.translate(_numbers(epoch, region, colours))
        for row in range(region.height):
            at = (y - top + row) * width + x - left
            canvas[at : at + region.width] = recoloured[row * region.width : (row + 1) * region.width]
    if not any(canvas):
        return None
    palette = {number: colour for colour, number in colours.items()}
    drawn = png.write(Bitmap(width, height, bytes(canvas)), palette)
    return Picture(start_s, stop_s, left, top, width, height, *epoch.canvas, drawn)


def _numbers(epoch: _Epoch, region: _Region, colours: dict[tuple[int, int, int, int], int]) -> bytes:
    """Number a region's colours among those of the whole picture; what is more than a PNG may have is clear."""
    table = epoch.tables.get(region.table) or usual_table()
    used = set(region.pixels)
    numbers = bytearray(256)
    for index in sorted(used):
        colour = table.colour(region.depth, index)
        colour = png.CLEAR if colour[3] == 0 else colour
        if colour not in colours and len(colours) < 256:
            colours[colour] = len(colours)
        numbers[index] = colours.get(colour, 0)
    return bytes(numbers)
