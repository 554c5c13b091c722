"""When a film has been watched, and where one goes on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.library.watched import credits_at, is_begun, is_over, resume_s

lengths = st.floats(0.1, 200_000)


@pytest.mark.parametrize(
    ("duration_s", "said_s", "begins_s"),
    [
        (7200.0, None, 6840.0),  # a feature: six minutes
        (3000.0, None, 2850.0),  # an episode: a twentieth
        (40.0, None, 35.0),  # a clip: five seconds
        (3.0, None, 0.0),
        (7200.0, 6600.0, 6600.0),  # a chapter says so
        (7200.0, 120.0, 6840.0),  # the opening credits
        (7200.0, 9000.0, 6840.0),  # after the end
    ],
)
def test_credits_begin_where_a_chapter_says_or_near_the_end(
    duration_s: float, said_s: float | None, begins_s: float
) -> None:
    assert credits_at(duration_s, said_s) == pytest.approx(begins_s)


@given(lengths, st.none() | st.floats(0, 200_000))
def test_whoever_reaches_the_end_has_seen_it_and_whoever_is_in_its_first_half_has_not(
    duration_s: float, said_s: float | None
) -> None:
    assert is_over(duration_s, duration_s, said_s)
    assert duration_s < 12 or not is_over(duration_s / 2, duration_s, said_s)


@given(lengths, st.floats(0, 1), st.floats(0, 1))
def test_what_is_over_stays_over_further_on(duration_s: float, one: float, other: float) -> None:
    early, late = sorted((one * duration_s, other * duration_s))
    assert is_over(late, duration_s) or not is_over(early, duration_s)


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_one_goes_on_where_one_was_or_at_the_beginning(position_s: float, duration_s: float) -> None:
    place = resume_s(position_s, duration_s)
    assert place in (0.0, position_s)
    assert place == 0.0 or (is_begun(position_s, duration_s) and not is_over(position_s, duration_s))


@pytest.mark.parametrize(
    ("position_s", "duration_s", "place_s"),
    [
        (10.0, 6000.0, 0.0),
        (20.0, 6000.0, 20.0),
        (5700.0, 6000.0, 0.0),
        (5600.0, 6000.0, 5600.0),
        (15.0, 100.0, 15.0),  # a short: 15 s of 100 are worth going on from
        (900.0, 0.0, 900.0),  # nobody knows how long it is
    ],
)
def test_hardly_begun_and_over_begin_anew(position_s: float, duration_s: float, place_s: float) -> None:
    assert resume_s(position_s, duration_s) == place_s
