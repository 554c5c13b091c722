"""Hours of the day at which something else holds, on some days of the week. Pure: the clock is the caller's.

They are said in local time, as a clock on the wall shows it. What begins on a day and goes over midnight belongs to
that day.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_AHEAD_DAYS = 9
"""The same day of the next week, and its end."""
_NEAR_S = 0.5

Local = Callable[[float], datetime]
"""Gives the local time of a moment in seconds since 1970, with what the zone's clocks are ahead of UTC then."""


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when, and on which days it begins. The same begin and end are a whole day."""

    begin: time
    end: time
    days: frozenset[int]
    """0 is Monday."""

    def hold(self, now: datetime) -> bool:
        """Tell whether they hold at a local time."""
        return any(start <= now.replace(tzinfo=None) < stop for start, stop in self._around(now.date(), 1))

    def _around(self, day: date, ahead: int) -> Iterator[tuple[datetime, datetime]]:
        over = timedelta(days=1 if self.end <= self.begin else 0)
        for offset in range(-1, ahead):
            first = day + timedelta(days=offset)
            if first.weekday() in self.days:
                yield datetime.combine(first, self.begin), datetime.combine(first + over, self.end)

    def next_look_s(self, now_s: float, local: Local) -> float | None:
        """Say when to look again: when they next begin or end, or the zone's clocks are changed before that.

        Args:
            now_s: seconds since 1970.
            local: the zone.

        Returns:
            Seconds since 1970; None where they never hold.
        """
        now = local(now_s)
        edges = (edge for span in self._around(now.date(), _AHEAD_DAYS) for edge in span)
        coming = (edge.replace(tzinfo=now.tzinfo).timestamp() for edge in edges)
        later = min((moment_s for moment_s in coming if moment_s > now_s), default=None)
        if later is None or local(later).utcoffset() == now.utcoffset():
            return later
        return _change_of_clocks_s(now_s, later, local)


def read_time(text: str) -> time | None:
    """Read a time of day such as 22:30; None where it is none."""
    found = _TIME.fullmatch(text)
    return time(int(found[1]), int(found[2])) if found else None


def read_days(text: str) -> frozenset[int] | None:
    """Read days such as ``mon, sat``; all of them where none is named, None where one is none."""
    words = [word for word in re.split(r"[,\s]+", text.strip().lower()) if word]
    if any(word not in DAYS for word in words):
        return None
    return frozenset(map(DAYS.index, words)) if words else frozenset(range(len(DAYS)))


def read_hours(begin: str, end: str, days: str) -> Hours | None:
    """Make hours of three texts that were checked; None where begin or end is empty."""
    first, last, found = read_time(begin), read_time(end), read_days(days)
    return Hours(first, last, found) if first is not None and last is not None and found is not None else None


def _change_of_clocks_s(before_s: float, after_s: float, local: Local) -> float:
    """Find the first moment between two at which the clocks show another offset than at the first."""
    offset = local(before_s).utcoffset()
    while after_s - before_s > _NEAR_S:
        middle_s = (before_s + after_s) / 2
        if local(middle_s).utcoffset() == offset:
            before_s = middle_s
        else:
            after_s = middle_s
    return after_s
