"""Where a film is cut into segments. Pure.

The list is complete before a byte of the film's middle is here, so any place can be sought at once. One rule makes
every segment, whoever makes it and in whatever order: it holds the pictures from the first key frame at or after
its start to the first key frame at or after its stop. So joints are exact even where the list only guesses.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

LEAST_S = 2.0
"""A segment is at least so long. Short ones make a quick start; each costs a request."""
MOST_SEGMENTS = 6000
"""Longer lists make players slow to start: a ten-hour film gets longer segments."""
EVEN_STEP_S = 4.0
"""Steps for pictures that are converted: each segment then begins with a key frame of our own."""
BLIND_STEP_S = 12.0
"""Steps for pictures that are copied, where nothing says where key frames are: encoders leave them 2 to 10.4 s apart
(x264: 250 frames), and with a step below that some segments would have none of their own."""
LONGEST_S = 30.0
"""A copied segment longer than this would keep a player waiting, and hold too many bytes: then pictures are
better converted. ``longest`` tells."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a film, ``[start_s, stop_s)``, counted from ``MediaInfo.start_s``."""

    index: int
    """From 0; segments follow each other without a gap."""
    start_s: float
    stop_s: float
    last: bool
    """Whether it goes on to the film's end, wherever that is."""

    @property
    def duration_s(self) -> float:
        """How long it is."""
        return self.stop_s - self.start_s


def cut(keyframes_s: Iterable[float], duration_s: float) -> tuple[Segment, ...]:
    """Cut at key frames; the first segment begins at 0 and the last ends at ``duration_s``.

    Args:
        keyframes_s: where they are shown, in any order; those outside the film are left out.
        duration_s: how long the film is; more than 0.
    """
    least_s = _least(LEAST_S, duration_s)
    starts = [0.0]
    for at_s in sorted(keyframes_s):
        if at_s - starts[-1] >= least_s and duration_s - at_s >= least_s / 2:
            starts.append(at_s)
    return _from_starts(starts, duration_s)


def even(duration_s: float, step_s: float = EVEN_STEP_S) -> tuple[Segment, ...]:
    """Cut at even steps."""
    step_s = _least(step_s, duration_s)
    count = max(1, math.ceil(duration_s / step_s - 0.5))
    return _from_starts([number * step_s for number in range(count)], duration_s)


def longest(segments: Iterable[Segment]) -> float:
    """Give the duration of the longest, in seconds."""
    return max((segment.duration_s for segment in segments), default=0.0)


def _least(wanted_s: float, duration_s: float) -> float:
    if not 0 < duration_s < math.inf:
        raise ValueError("a film must have a duration")
    return max(wanted_s, math.ceil(duration_s / MOST_SEGMENTS * 1000) / 1000)


def _from_starts(starts: list[float], duration_s: float) -> tuple[Segment, ...]:
    stops = [*starts[1:], duration_s]
    return tuple(
        Segment(index, start_s, stop_s, last=index == len(starts) - 1)
        for index, (start_s, stop_s) in enumerate(zip(starts, stops, strict=True))
    )
