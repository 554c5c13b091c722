"""Colour tables of television's subtitles (ETSI EN 300 743, sections 7.2.4 and 10). Pure."""

from dataclasses import dataclass, field
from functools import cache

from matinee.subtitles import png

Colour = tuple[int, int, int, int]
"""Red, green, blue and opacity, 0 to 255 each."""


@dataclass(frozen=True, slots=True)
class Table:
    """Colours by how many bits a pixel has, and by number; where one is not said, the usual one holds."""

    colours: dict[tuple[int, int], Colour] = field(default_factory=dict)

    def colour(self, depth: int, index: int) -> Colour:
        """Give a colour."""
        found = self.colours.get((depth, index))
        return found if found is not None else _usual(depth, index)


@cache
def usual_table() -> Table:
    """Give the table of regions that name none."""
    return Table()


def read_table(body: bytes, before: Table | None) -> Table:
    """Read a segment, which changes some entries of the table that was there."""
    colours = dict(before.colours) if before is not None else {}
    at = 2
    while at + 4 <= len(body):
        number, flags = body[at], body[at + 1]
        whole = bool(flags & 1)
        entry = body[at + 2 : at + (6 if whole else 4)]
        at += 2 + (4 if whole else 2)
        if len(entry) < (4 if whole else 2):
            break
        for depth, flag in ((2, 0x80), (4, 0x40), (8, 0x20)):
            if flags & flag and number < 1 << depth:
                colours[depth, number] = _colour(entry)
    return Table(colours)


def _colour(entry: bytes) -> Colour:
    if len(entry) == 4:
        luma, red, blue, clear = entry
    else:
        luma, clear = entry[0] & 0xFC, entry[1] << 6 & 0xC0
        red, blue = (entry[0] << 2 & 0x0C | entry[1] >> 6) << 4, entry[1] << 2 & 0xF0
    if luma == 0:
        return png.CLEAR
    return (*png.rgb(luma, red, blue, large=False), 255 - clear)


@cache
def _usual(depth: int, index: int) -> Colour:
    if index == 0:
        return png.CLEAR
    if depth == 2:
        return ((255, 255, 255, 255), (0, 0, 0, 255), (127, 127, 127, 255))[index - 1]
    if depth == 4:
        light = 255 if index < 8 else 127
        return (*(light if index >> bit & 1 else 0 for bit in range(3)), 255)  # type: ignore[return-value]  # three of them
    if index < 8:
        return (*(255 if index >> bit & 1 else 0 for bit in range(3)), 63)  # type: ignore[return-value]  # the same
    base, small, large = {
        0x00: (0, 85, 170), 0x08: (0, 85, 170), 0x80: (127, 43, 85), 0x88: (0, 43, 85)
    }[index & 0x88]  # fmt: skip
    parts = [
        base + (small if index >> bit & 1 else 0) + (large if index >> bit + 4 & 1 else 0) for bit in range(3)
    ]
    return parts[0], parts[1], parts[2], 127 if index & 0x88 == 0x08 else 255
