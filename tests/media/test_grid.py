"""Frames of one length, found again behind rounded times."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from matinee.media.grid import Grid

MS = Fraction(44_100, 1000)


@given(st.integers(-2000, 90_000), st.sampled_from([960, 1024, 1152, 1536, 4608]), st.integers(48, 500_000))
def test_place_when_times_are_milliseconds_then_frames_follow_each_other(
    start: int, frame: int, at: int
) -> None:
    def stamp(number: int) -> int:
        return round((start + number * frame) / MS)

    grid = Grid.of([stamp(number) for number in range(48)], MS, frame)

    assert grid.place(stamp(at)) - grid.place(stamp(at - 1)) == frame
    assert abs(grid.place(stamp(at)) - (start + at * frame)) <= MS
    assert grid.length(stamp(at) - stamp(at - 1)) == frame


def test_place_when_there_is_a_gap_then_it_is_kept() -> None:
    grid = Grid.of([0, 23, 46, 70, 93], MS, 1024)

    assert grid.place(116 + 11) == 127 * MS


def test_place_when_frames_differ_then_times_are_taken_as_they_are() -> None:
    grid = Grid.of([5, 10, 30], MS, 0)

    assert grid.place(30) == 30 * MS
    assert grid.length(7) == round(7 * MS)


def test_place_when_the_first_frames_do_not_follow_each_other_then_the_first_one_counts() -> None:
    grid = Grid.of([0, 500, 523], MS, 1024)

    assert grid.place(23) == 1024


def test_place_when_the_clock_is_exact_then_it_is_the_stamp() -> None:
    assert Grid.of([-1024, 0], Fraction(1), 1024).place(2048) == 2048
