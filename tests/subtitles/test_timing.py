"""Cutting, moving and stretching."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.models.subtitles import Cue
from matinee.subtitles.timing import fit, shift, stretch, within
from tests.subtitles.cues import cue, cues, plain


def test_within_when_cues_touch_its_ends_then_it_is_half_open() -> None:
    given = (cue(0, 10), cue(5, 11), cue(19, 30), cue(20, 21), cue(0, 99))
    assert plain(within(given, 10, 20)) == plain((cue(5, 11), cue(19, 30), cue(0, 99)))


def test_shift_when_earlier_than_the_film_then_cut_or_left_out() -> None:
    assert plain(shift((cue(1, 2), cue(2, 4), cue(8, 9)), -3)) == [(0, 1, "Hello"), (5, 6, "Hello")]


def test_stretch_when_made_for_another_rate_then_all_times_follow() -> None:
    assert plain(stretch((cue(10, 20), cue(30, 40)), 0.5)) == [(5, 10, "Hello"), (15, 20, "Hello")]


def test_fit_when_two_moments_are_known_then_both_come_right() -> None:
    assert plain(fit((cue(10, 20), cue(110, 120)), (10, 15), (110, 215))) == [
        (15, 35, "Hello"),
        (215, 235, "Hello"),
    ]


@pytest.mark.parametrize("second", [(10.0, 20.0), (20.0, 15.0), (5.0, 25.0)])
def test_fit_when_time_would_stand_or_turn_then_it_is_an_error(second: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="two moments"):
        fit((cue(10, 20),), (10, 15), second)


def test_stretch_when_backwards_then_it_is_an_error() -> None:
    with pytest.raises(ValueError, match="backwards"):
        stretch((cue(10, 20),), -1)


@settings(deadline=None)
@given(st.lists(cues(), max_size=5), st.floats(0, 1e5))
def test_shift_when_there_and_back_then_nothing_has_changed(some: list[Cue], delay_s: float) -> None:
    back = shift(shift(some, delay_s), -delay_s)
    times_s = [time_s for cue in some for time_s in (cue.start_s, cue.stop_s)]
    assert [time_s for cue in back for time_s in (cue.start_s, cue.stop_s)] == pytest.approx(
        times_s, abs=1e-6
    )
