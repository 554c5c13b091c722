"""Run lengths of television's subtitles (ETSI EN 300 743, section 7.2.5.2). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

_TWO, _FOUR, _EIGHT, _END_OF_LINE = 0x10, 0x11, 0x12, 0xF0
_MAPS = {0x20: (2, 4), 0x21: (2, 8), 0x22: (4, 8)}
_DEPTHS = {_TWO: 2, _FOUR: 4, _EIGHT: 8}
_USUAL_MAPS = {
    (2, 4): bytes((0, 7, 8, 15)),
    (2, 8): bytes((0, 0x77, 0x88, 0xFF)),
    (4, 8): bytes(number * 0x11 for number in range(16)),
}


@dataclass(slots=True)
class Field:
    """Every second row of an object in a region."""

    pixels: bytearray
    """The region's."""
    width: int
    height: int
    depth: int
    left: int
    row: int
    """The first one."""


class _Bits:
    """Reads bits, the highest first; beyond the end there are zeros."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self.at = at * 8

    def take(self, count: int) -> int:
        """Give so many bits, at most eight."""
        byte = self.at >> 3
        two = int.from_bytes(self._data[byte : byte + 2].ljust(2, b"\0"), "big")
        self.at += count
        return two >> 16 - count - (self.at - count & 7) & (1 << count) - 1

    @property
    def ended(self) -> bool:
        """Whether all was read."""
        return self.at >= len(self._data) * 8


def draw_field(into: Field, data: bytes, *, skip_ones: bool) -> None:
    """Draw one field of an object.

    Args:
        into: where it goes.
        data: strings of run lengths, one after another.
        skip_ones: whether pixels of the colour 1 leave what is below them.
    """
    maps = dict(_USUAL_MAPS)
    at, column, row = 0, into.left, into.row
    while at < len(data) and row < into.height:
        kind = data[at]
        at += 1
        if kind == _END_OF_LINE:
            column, row = into.left, row + 2
        elif kind in _MAPS:
            size = {0x20: 2, 0x21: 4, 0x22: 16}[kind]
            maps[_MAPS[kind]] = _map(kind, data[at : at + size]) or maps[_MAPS[kind]]
            at += size
        elif kind in _DEPTHS:
            bits = _Bits(data, at)
            depth = _DEPTHS[kind]
            colours = maps.get((depth, into.depth))
            for count, colour in _RUNS[depth](bits):
                column = _put(into, row, column, count, colours[colour] if colours else colour, skip_ones)
            at = (bits.at + 7) // 8
        else:
            return


def _map(kind: int, data: bytes) -> bytes:
    """Read a table that widens colours; nothing where it is cut off."""
    if kind == 0x20:
        return bytes((data[0] >> 4, data[0] & 15, data[1] >> 4, data[1] & 15)) if len(data) == 2 else b""
    return data if len(data) == (4 if kind == 0x21 else 16) else b""


def _put(into: Field, row: int, column: int, count: int, colour: int, skip_ones: bool) -> int:
    stop = min(column + count, into.width)
    if stop > column and not (skip_ones and colour == 1):
        start = row * into.width
        colour &= (1 << into.depth) - 1
        into.pixels[start + column : start + stop] = bytes((colour,)) * (stop - column)
    return max(column, stop)


def _two(bits: _Bits) -> Iterator[tuple[int, int]]:
    while not bits.ended:
        colour = bits.take(2)
        if colour:
            yield 1, colour
        elif bits.take(1):
            count = bits.take(3) + 3
            yield count, bits.take(2)
        elif bits.take(1):
            yield 1, 0
        else:
            match bits.take(2):
                case 0:
                    return
                case 1:
                    yield 2, 0
                case 2:
                    count = bits.take(4) + 12
                    yield count, bits.take(2)
                case _:
                    count = bits.take(8) + 29
                    yield count, bits.take(2)


def _four(bits: _Bits) -> Iterator[tuple[int, int]]:
    while not bits.ended:
        colour = bits.take(4)
        if colour:
            yield 1, colour
        elif not bits.take(1):
            count = bits.take(3)
            if not count:
                return
            yield count + 2, 0
        elif not bits.take(1):
            count = bits.take(2) + 4
            yield count, bits.take(4)
        else:
            match bits.take(2):
                case 0:
                    yield 1, 0
                case 1:
                    yield 2, 0
                case 2:
                    count = bits.take(4) + 9
                    yield count, bits.take(4)
                case _:
                    count = bits.take(8) + 25
                    yield count, bits.take(4)


def _eight(bits: _Bits) -> Iterator[tuple[int, int]]:
    while not bits.ended:
        colour = bits.take(8)
        if colour:
            yield 1, colour
        elif bits.take(1):
            count = bits.take(7)
            yield count, bits.take(8)
        else:
            count = bits.take(7)
            if not count:
                return
            yield count, 0


_RUNS = {2: _two, 4: _four, 8: _eight}
