"""Quiet hours hold by the clock on the wall: over midnight, on some days, and when clocks are changed."""

from datetime import datetime, time, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.hours import Hours, read_days, read_hours, read_time

PARIS = ZoneInfo("Europe/Paris")


def fixed(now_s: float) -> datetime:
    """Give the local time as the system does: with the offset of the moment, and no more of the zone."""
    moment = datetime.fromtimestamp(now_s, PARIS)
    offset = moment.utcoffset()
    assert offset is not None
    return moment.astimezone(timezone(offset))


def hours(begin: str, end: str, days: str = "") -> Hours:
    found = read_hours(begin, end, days)
    assert found is not None
    return found


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("span", "moment", "held"),
    [
        (("22:30", "07:00"), "2026-11-26 22:29:59", False),
        (("22:30", "07:00"), "2026-11-26 22:30:00", True),
        (("22:30", "07:00"), "2026-11-27 06:59:59", True),
        (("22:30", "07:00"), "2026-11-27 07:00:00", False),
        (("08:00", "18:00"), "2026-11-26 12:00:00", True),
        (("08:00", "18:00"), "2026-11-26 03:00:00", False),
        (("22:00", "07:00", "thu"), "2026-11-27 06:00:00", True),  # what Thursday began
        (("22:00", "07:00", "thu"), "2026-11-26 06:00:00", False),
        (("22:00", "07:00", "thu"), "2026-11-27 22:00:00", False),
        (("06:00", "06:00", "sat"), "2026-11-29 05:59:00", True),  # a whole day
    ],
)
def test_hold_at_a_moment(span: tuple[str, ...], moment: str, held: bool) -> None:
    assert hours(*span).hold(at(moment)) is held


@pytest.mark.parametrize(
    ("span", "moment", "then"),
    [
        (("22:30", "07:00"), "2026-11-26 12:00", "2026-11-26 22:30"),
        (("22:30", "07:00"), "2026-11-26 22:30", "2026-11-27 07:00"),
        (("22:00", "07:00", "mon"), "2026-11-24 12:00", "2026-11-30 22:00"),
        (("09:00", "08:00", "tue"), "2026-11-24 09:00", "2026-11-25 08:00"),
        # Clocks go forward at two, to three; back at three, to two.
        (("05:00", "07:00"), "2026-03-29 01:00", "2026-03-29 03:00"),
        (("02:30", "07:00"), "2026-03-29 01:00", "2026-03-29 03:00"),
        (("01:30", "07:00"), "2026-03-29 01:00", "2026-03-29 01:30"),
    ],
)
def test_next_look_then_it_is_when_they_change_or_the_clocks_do(
    span: tuple[str, ...], moment: str, then: str
) -> None:
    found = hours(*span).next_look_s(at(moment).timestamp(), fixed)
    assert found is not None
    assert abs(found - at(then).timestamp()) < 1


def test_hold_when_clocks_leap_over_the_begin_then_it_holds_from_the_leap() -> None:
    leap = hours("02:30", "07:00").next_look_s(at("2026-03-29 01:00").timestamp(), fixed)
    assert leap is not None
    assert hours("02:30", "07:00").hold(fixed(leap))


@given(
    st.times(), st.times(), st.sets(st.integers(0, 6), min_size=1), st.integers(1_772_000_000, 1_795_000_000)
)
def test_next_look_whatever_the_hours_then_nothing_changes_before_it(
    begin: time, end: time, days: set[int], now_s: int
) -> None:
    span = Hours(
        begin.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0), frozenset(days)
    )
    look = span.next_look_s(float(now_s), fixed)
    assert look is not None
    assert now_s < look <= now_s + 8 * 86_400
    held = span.hold(fixed(now_s))
    steps = [now_s + (look - now_s) * part / 97 for part in range(97)]
    assert all(span.hold(fixed(step)) is held for step in steps)


@pytest.mark.parametrize("text", ["24:00", "7:00", "07:60", "0700", "07:00 ", "", "٠٧:٠٠"])
def test_read_time_when_it_is_none_then_says_so(text: str) -> None:
    assert read_time(text) is None


def test_read_days_when_words_are_days_then_gives_them_and_all_for_none() -> None:
    assert read_days(" Mon, sat\tsun ") == frozenset({0, 5, 6})
    assert read_days("") == frozenset(range(7))
    assert read_days("mon, lundi") is None


def test_read_hours_when_one_end_is_missing_then_there_are_none() -> None:
    assert read_hours("", "07:00", "") is None
    assert read_hours("22:00", "", "") is None
