"""Where films are cut: whole, in order, without a gap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.media.hls.segments import (
    BLIND_STEP_S,
    LEAST_S,
    MOST_SEGMENTS,
    Segment,
    cut,
    even,
    longest,
)

durations = st.floats(0.01, 400_000)
keyframes = st.lists(st.floats(-10, 400_000))


def assert_whole(segments: tuple[Segment, ...], duration_s: float) -> None:
    assert [segment.index for segment in segments] == list(range(len(segments)))
    assert segments[0].start_s == 0
    assert segments[-1].stop_s == duration_s
    assert [segment.stop_s for segment in segments[:-1]] == [segment.start_s for segment in segments[1:]]
    assert [segment.last for segment in segments] == [False] * (len(segments) - 1) + [True]
    assert all(segment.duration_s > 0 for segment in segments)
    assert len(segments) <= MOST_SEGMENTS


@given(keyframes, durations)
def test_cut_when_key_frames_are_anywhere_then_the_film_is_whole(
    times: list[float], duration_s: float
) -> None:
    segments = cut(times, duration_s)

    assert_whole(segments, duration_s)
    assert {segment.start_s for segment in segments[1:]} <= set(times)
    assert all(segment.duration_s >= LEAST_S for segment in segments[:-1])


@given(durations, st.floats(0.5, 20))
def test_even_when_nothing_is_known_then_the_film_is_whole(duration_s: float, step_s: float) -> None:
    assert_whole(even(duration_s, step_s), duration_s)


def test_cut_when_key_frames_are_near_each_other_then_some_are_passed() -> None:
    segments = cut([0, 0.5, 1, 1.5, 2.5, 3, 4.5, 9, 9.5], 10)

    assert [segment.start_s for segment in segments] == [0, 2.5, 4.5, 9]


def test_cut_when_the_first_key_frame_is_late_then_the_first_segment_begins_at_zero() -> None:
    assert [segment.start_s for segment in cut([1.2, 3.2, 6], 8)] == [0, 3.2, 6]


def test_cut_when_the_film_has_ten_hours_then_the_list_stays_short() -> None:
    segments = cut([number * 0.5 for number in range(72_000)], 36_000)

    assert MOST_SEGMENTS / 1.2 < len(segments) <= MOST_SEGMENTS


def test_cut_when_there_is_no_key_frame_then_there_is_one_segment_and_it_is_told() -> None:
    segments = cut([], 3600)

    assert segments == (Segment(0, 0.0, 3600, last=True),)
    assert longest(segments) == 3600
    assert longest(()) == 0


def test_even_when_the_rest_is_short_then_it_belongs_to_the_last() -> None:
    assert [segment.stop_s for segment in even(26, BLIND_STEP_S)] == [12, 26]
    assert [segment.stop_s for segment in even(31, BLIND_STEP_S)] == [12, 24, 31]
    assert [segment.stop_s for segment in even(0.3)] == [0.3]


@pytest.mark.parametrize("duration_s", [0.0, -1.0, float("inf"), float("nan")])
def test_cut_when_the_duration_is_none_then_it_is_refused(duration_s: float) -> None:
    with pytest.raises(ValueError, match="duration"):
        cut([0], duration_s)
