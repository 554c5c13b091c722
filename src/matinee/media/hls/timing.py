"""How a film's time becomes a segment's. Pure."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

OFFSET_S = 10
"""Added to every time stamp: an audio frame may begin before the film does (an encoder's priming), and files hold no
negative times. Whole seconds, so that it is exact in every time base; more than any priming is long."""
LEAST_TICKS = 10_000
"""A second has at least so many ticks, so that a frame's duration is not rounded away."""


def timescale(time_base: Fraction) -> int:
    """Give ticks a second, in which every time of ``time_base`` is a whole number."""
    ticks = time_base.denominator
    while ticks < LEAST_TICKS:
        ticks *= 2
    return ticks


def ticks_at(seconds: float, time_base: Fraction) -> int:
    """Give the time stamp nearest to a time.

    One function for both sides of a joint: what it gives is where one segment ends and where the next begins.
    """
    return round(seconds / time_base)


def decode_times(shown: Sequence[int], delay: int) -> list[int]:
    """Give frames in the order of decoding the times at which they are decoded, none after it is shown.

    A container's own are missing (Matroska, AVI), begin before 0 or overlap at a segment's ends. These depend on
    nothing outside the segment, go on over every joint, also of open groups of pictures, and keep a variable rate.

    Args:
        shown: when they are shown.
        delay: how much earlier than shown a frame is decoded, one number for the whole film. Where it is too small
            for some frames, those are decoded in haste.
    """
    ordered = sorted(shown)
    latest = list(accumulate(reversed(shown), min))[::-1]
    return [min(at - delay, last) for at, last in zip(ordered, latest, strict=True)]
