"""A complete torrent is given until its ratio or its hours are reached."""

import pytest

from matinee.models.torrent import Enough
from matinee.torrent.giving import GiveLimits, Given, enough, ratio, until_s

DONE_S = 1_800_000_000.0
HALF_GIVEN = Given(1000, 1000, 500, DONE_S)


@pytest.mark.parametrize(
    ("given", "times"),
    [
        (HALF_GIVEN, 0.5),
        (Given(1000, 0, 2000, DONE_S), 2.0),  # the user's own: nothing was taken
        (Given(1000, 4000, 2000, DONE_S), 0.5),  # fetched again and again
        (Given(0, 0, 0, None), 0.0),
    ],
)
def test_ratio_of_what_was_given(given: Given, times: float) -> None:
    assert ratio(given) == times


@pytest.mark.parametrize(
    ("limits", "now_s", "why"),
    [
        (GiveLimits(), DONE_S + 1e9, None),
        (GiveLimits(ratio=0.5), DONE_S, Enough.RATIO),
        (GiveLimits(ratio=0.51), DONE_S, None),
        (GiveLimits(hours=2), DONE_S + 7199, None),
        (GiveLimits(hours=2), DONE_S + 7200, Enough.HOURS),
        (GiveLimits(ratio=0.5, hours=2), DONE_S + 7200, Enough.RATIO),
    ],
)
def test_enough_by_limits_and_hour(limits: GiveLimits, now_s: float, why: Enough | None) -> None:
    assert enough(limits, HALF_GIVEN, now_s) is why


def test_enough_when_it_is_not_complete_then_it_is_never() -> None:
    assert enough(GiveLimits(0.1, 0.1), Given(1000, 1000, 9000, None), DONE_S) is None
    assert until_s(GiveLimits(0.1, 0.1), Given(1000, 1000, 9000, None)) is None


def test_over_when_a_torrent_has_its_own_limits_then_they_hold_and_0_is_none() -> None:
    settings = GiveLimits(2.0, 48.0)
    assert settings.over(None, None) == settings
    assert settings.over(0.0, 1.0) == GiveLimits(0.0, 1.0)


def test_until_when_hours_are_limited_then_it_is_so_many_after_it_was_complete() -> None:
    assert until_s(GiveLimits(hours=1.5), HALF_GIVEN) == DONE_S + 5400
