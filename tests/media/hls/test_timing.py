"""Times that are whole on both sides of a joint."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from matinee.media.hls.timing import decode_times, ticks_at, timescale

time_bases = st.builds(Fraction, st.integers(1, 1001), st.integers(1, 1_000_000))


@given(time_bases, st.integers(0, 10**9))
def test_timescale_when_given_a_time_base_then_every_time_is_whole(time_base: Fraction, at: int) -> None:
    assert timescale(time_base) >= 10_000
    assert (at * time_base * timescale(time_base)).denominator == 1


@given(st.sampled_from([1000, 90_000, 12_800, 24_000, 48_000]), st.integers(0, 10**9))
def test_ticks_at_when_given_a_time_stamp_in_seconds_then_it_is_that_one(rate: int, at: int) -> None:
    time_base = Fraction(1, rate)

    assert ticks_at(float(at * time_base), time_base) == at


@given(st.lists(st.lists(st.integers(0, 999), min_size=1, unique=True), min_size=2), st.integers(0, 2000))
def test_decode_times_when_segments_follow_each_other_then_time_goes_on(
    groups: list[list[int]], delay: int
) -> None:
    shown = [[number * 1000 + at for at in group] for number, group in enumerate(groups)]

    decoded = [decode_times(group, delay) for group in shown]

    flat = [at for group in decoded for at in group]
    assert flat == sorted(flat)
    assert all(
        at <= when
        for ats, whens in zip(decoded, shown, strict=True)
        for at, when in zip(ats, whens, strict=True)
    )


def test_decode_times_when_the_delay_is_enough_then_the_clock_is_even() -> None:
    assert decode_times([0, 4, 2, 1, 3, 8, 6, 5, 7], 2) == [-2, -1, 0, 1, 2, 3, 4, 5, 6]
