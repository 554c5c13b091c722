"""Samples in a row: gaps are silence, overlaps are left out."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from matinee.media.line import Line


def floats(*values: float) -> bytes:
    return struct.pack(f"{len(values)}f", *values)


def test_put_when_there_is_a_gap_then_it_is_silence() -> None:
    line = Line(2, 10)

    line.put(12, [floats(1, 2), floats(3, 4)])

    assert line.take(10, 5) == [floats(0, 0, 1, 2, 0), floats(0, 0, 3, 4, 0)]
    assert line.stop == 14


def test_put_when_samples_overlap_then_the_first_stay() -> None:
    line = Line(1, 0)
    line.put(-1, [floats(9, 1, 2)])

    line.put(1, [floats(7, 3)])

    assert line.take(-2, 6) == [floats(0, 0, 1, 2, 3, 0)]


@given(st.integers(-20, 20), st.integers(0, 20))
def test_take_when_anywhere_then_it_has_the_length_asked_for(place: int, count: int) -> None:
    line = Line(1, 0)
    line.put(0, [floats(1, 2, 3)])

    (row,) = line.take(place, count)

    assert row == b"".join(floats({0: 1, 1: 2, 2: 3}.get(at, 0)) for at in range(place, place + count))
