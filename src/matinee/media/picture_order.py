"""In which order pictures of H.264 are shown, as it stands in them. Pure.

ITU-T H.264: parameter sets 7.3.2, slice headers 7.3.3, picture order count 8.2.1. The library's own filter (dts2pts of
FFmpeg 8.0) takes pictures of one group for those of another where groups are short.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from matinee.media.bitstream import KEY_SLICE, PPS, SLICE, SPS, kind_of

_WITH_CHROMA = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
"""Profiles whose parameter sets say more."""
_COUNTED, _IN_ORDER = 0, 2
_MOST_SETS = 256
_LOOKED_AT_BYTES = 1024
"""Of a unit: its head is shorter."""
_MOST_ZEROS = 32
_MOST_CYCLE = 255


class Bits:
    """Reads a unit's bits; what is put in against false beginnings is taken out."""

    def __init__(self, unit: bytes) -> None:
        data = unit[1:_LOOKED_AT_BYTES].replace(b"\x00\x00\x03", b"\x00\x00")
        self._value = int.from_bytes(data, "big")
        self._left = 8 * len(data)

    def take(self, count: int) -> int:
        """Give so many bits as a number. Raises ValueError at the end."""
        if not 0 <= count <= self._left:
            raise ValueError("a unit that ends too early")
        self._left -= count
        return self._value >> self._left & (1 << count) - 1

    def number(self) -> int:
        """Give an Exp-Golomb number."""
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > _MOST_ZEROS:
                raise ValueError("a number beyond measure")
        return (1 << zeros) - 1 + self.take(zeros)


@dataclass(frozen=True, slots=True)
class _Sequence:
    """What a sequence's parameter set says of order."""

    frame_bits: int
    way: int
    order_bits: int
    whole: bool
    """Whether there are no fields."""
    planes: bool

    @classmethod
    def of(cls, unit: bytes) -> tuple[int, Self]:
        """Read one, and its number."""
        bits = Bits(unit)
        profile = bits.take(8)
        bits.take(16)
        number, planes = bits.number(), False
        if profile in _WITH_CHROMA:
            planes = _pass_chroma(bits)
        frame_bits, way, order_bits = bits.number() + 4, bits.number(), 0
        if way == _COUNTED:
            order_bits = bits.number() + 4
        elif way != _IN_ORDER:
            bits.take(1)
            for _ in range(2):
                bits.number()
            for _ in range(min(bits.number(), _MOST_CYCLE)):
                bits.number()
        bits.number()
        bits.take(1)
        bits.number()
        bits.number()
        return number, cls(frame_bits, way, order_bits, bool(bits.take(1)), planes)


def _pass_chroma(bits: Bits) -> bool:
    chroma = bits.number()
    planes = chroma == 3 and bool(bits.take(1))
    bits.number()
    bits.number()
    bits.take(1)
    if bits.take(1):
        for at in range(8 if chroma != 3 else 12):
            if bits.take(1):
                _pass_scaling(bits, 16 if at < 6 else 64)
    return planes


def _pass_scaling(bits: Bits, size: int) -> None:
    latest, following = 8, 8
    for _ in range(size):
        if following:
            coded = bits.number()
            following = (latest + ((coded + 1) // 2 if coded % 2 else -coded // 2) + 256) % 256
        latest = following or latest


class Order:
    """Counts the pictures of a track, in the order of decoding."""

    def __init__(self) -> None:
        self._sequences: dict[int, _Sequence] = {}
        self._pictures: dict[int, int] = {}
        """Which sequence a picture's parameter set is of."""
        self._high, self._low = 0, 0
        self._count = 0

    def learn(self, units: Iterable[bytes]) -> None:
        """Read parameter sets; one that is broken is none."""
        for unit in units:
            with suppress(ValueError):
                if kind_of(unit) == SPS and len(self._sequences) < _MOST_SETS:
                    number, sequence = _Sequence.of(unit)
                    self._sequences[number] = sequence
                elif kind_of(unit) == PPS and len(self._pictures) < _MOST_SETS:
                    bits = Bits(unit)
                    number = bits.number()
                    self._pictures[number] = bits.number()

    def of(self, units: list[bytes]) -> tuple[int, bool]:
        """Say where a picture stands among those of its group, and whether it begins one.

        Raises:
            ValueError: it does not say so.
        """
        self.learn(units)
        unit = next((one for one in units if kind_of(one) in (SLICE, KEY_SLICE)), None)
        if unit is None:
            raise ValueError("no picture")
        begins = kind_of(unit) == KEY_SLICE
        bits = Bits(unit)
        bits.number()
        bits.number()
        sequence = self._sequences.get(self._pictures.get(bits.number(), -1))
        if sequence is None:
            raise ValueError("a picture of an unknown kind")
        self._count = 0 if begins else self._count + 1
        if sequence.way != _COUNTED:
            return 2 * self._count, begins
        bits.take((2 if sequence.planes else 0) + sequence.frame_bits)
        if not sequence.whole and bits.take(1):
            bits.take(1)
        if begins:
            bits.number()
        return self._counted(
            bits.take(sequence.order_bits), sequence, begins, is_kept=bool(unit[0] & 0x60)
        ), begins

    def _counted(self, low: int, sequence: _Sequence, begins: bool, *, is_kept: bool) -> int:
        """Put what is sent of a number, its lower part, together with what is not (8.2.1.1)."""
        turn = 1 << sequence.order_bits
        before_high, before_low = (0, 0) if begins else (self._high, self._low)
        high = before_high
        if low < before_low and before_low - low >= turn // 2:
            high += turn
        elif low > before_low and low - before_low > turn // 2:
            high -= turn
        if is_kept:
            self._high, self._low = high, low
        return high + low


def configured(extradata: bytes) -> Iterator[bytes]:
    """Give the parameter sets of a configuration record (ISO/IEC 14496-15, avcC)."""
    at = 5
    for mask in (31, 255):
        count = extradata[at] & mask if at < len(extradata) else 0
        at += 1
        for _ in range(count):
            size = int.from_bytes(extradata[at : at + 2], "big")
            if unit := extradata[at + 2 : at + 2 + size]:
                yield unit
            at += 2 + size


def measured(frame: bytes) -> list[bytes]:
    """Give the units of a frame that have their length before them, four bytes."""
    found, at = [], 0
    while at + 4 < len(frame):
        size = int.from_bytes(frame[at : at + 4], "big")
        if unit := frame[at + 4 : at + 4 + size]:
            found.append(unit)
        at += 4 + max(1, size)
    return found
