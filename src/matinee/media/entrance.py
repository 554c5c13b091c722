"""Where a film without an index is entered, so that nothing is read but what lies there. Pure but for reading.

The library reads such a film from its beginning to the place where playing is to go on, which of a film that is
still arriving means all of it. Here the place is found as a page in a dictionary is: by opening it where it should be.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from matinee.media.attachments import read_span
from matinee.media.units import Find

LOOK_BYTES = 64 * 1024
"""What is looked at first where a unit may begin; more when there is none."""
LARGEST_BYTES = 8 * 1024 * 1024
"""A unit that is longer is not found."""
NEAR_BYTES = 512 * 1024
"""So far before the wanted time is near enough: it costs no more than another look."""
MOST_LOOKS = 16
MOST_BYTES = 32 * 1024 * 1024
"""To find one place: a film that lies about its times ends the search, and is read on from where that has come to."""


class Readable(Protocol):
    """What can be read at any place."""

    length: int

    def read(self, size: int, /) -> bytes: ...

    def seek(self, offset: int, /) -> int: ...


@dataclass(frozen=True, slots=True)
class Unit:
    """Where one begins, and when, in its track's clock."""

    start: int
    stamp: int


@dataclass(slots=True)
class Entrance:
    """How a film can be entered."""

    first: int
    """Where the first unit begins; before it lies what a decoder must know."""
    find: Callable[[int], Find]
    """By a track's number in the container."""
    filler: Callable[[int, int], dict[int, bytes]]
    """What must be read in place of what lies between two places, for it to be passed over."""
    many: bool = False
    """Whether the library would look for every unit before it gives the first one."""
    _last: dict[int, Unit | None] = field(default_factory=dict)

    def place(self, film: Readable, track: int, stamp: int) -> int:
        """Give where a unit begins that is no later than a time stamp, and not long before it."""
        find, high = self.find(track), self.last(film, track)
        low, read = _first(film, find, self.first, film.length)
        if low is None or high is None or stamp <= low.stamp:
            return self.first
        if stamp >= high.stamp:
            return high.start
        halve = False
        for _ in range(MOST_LOOKS):
            span = high.start - low.start
            ahead = span * (stamp - low.stamp) // max(1, high.stamp - low.stamp)
            if span <= NEAR_BYTES or ahead <= NEAR_BYTES or read > MOST_BYTES:
                break
            guess = low.start + (span // 2 if halve else ahead - NEAR_BYTES // 2)
            found, looked = _first(film, find, guess, high.start)
            read += looked
            if found is not None and found.stamp <= stamp:
                low = found
            else:
                high = Unit(guess, found.stamp if found is not None else high.stamp)
            halve = high.start - low.start > span // 2
        return low.start

    def behind(self, film: Readable, track: int, place: int) -> int:
        """Give where the first unit begins at or after a place; where none does, the first of all."""
        found, _ = _first(film, self.find(track), max(place, self.first), film.length)
        return found.start if found is not None else self.first

    def last(self, film: Readable, track: int) -> Unit | None:
        """Give the last unit, where one is found; it is looked for once."""
        if track not in self._last:
            self._last[track] = _last(film, self.find(track), self.first)
        return self._last[track]

    def ends(self, film: Readable, track: int) -> int | None:
        """Give when the film ends: its last unit takes as long as it has bytes, compared with the others."""
        last = self.last(film, track)
        first, _ = _first(film, self.find(track), self.first, film.length)
        if last is None or first is None or last.stamp < first.stamp:
            return None
        shown = last.stamp - first.stamp
        return last.stamp + shown * (film.length - last.start) // max(1, last.start - first.start)


def _first(film: Readable, find: Find, start: int, stop: int) -> tuple[Unit | None, int]:
    """Find the first unit that begins in a span; gives how many bytes were looked at too."""
    data = b""
    size = LOOK_BYTES
    while True:
        more = read_span(film, start + len(data), start + size)
        data += more
        found = find(data, 0)
        if found is not None:
            at, stamp = found
            return (Unit(start + at, stamp) if start + at < stop else None), len(data)
        if not more or size >= LARGEST_BYTES or start + size >= stop + LARGEST_BYTES // 8:
            return None, len(data)
        size *= 2


def _last(film: Readable, find: Find, first: int) -> Unit | None:
    size = LOOK_BYTES
    while True:
        start = max(first, film.length - size)
        data = read_span(film, start, film.length)
        found, latest = find(data, 0), None
        while found is not None:
            latest = Unit(start + found[0], found[1])
            found = find(data, found[0] + 1)
        if latest is not None or start == first or size >= LARGEST_BYTES:
            return latest
        size *= 2
