"""Where a sound track's frames begin, to the sample. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

EXACT_SAMPLES = Fraction(3, 2)
"""A clock whose tick is no longer than this says where frames begin; milliseconds do not."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Places of frames, in samples.

    Containers round times, some to milliseconds; frames of one length follow each other exactly. A frame that is
    where the rounding would put it is taken to be where it belongs, so that both sides of a joint agree.
    """

    tick: Fraction
    """Samples in a tick of the track's clock."""
    frame: int
    """Samples in a frame; 0 where frames differ."""
    phase: Fraction
    """Where, in samples from the clock's zero, the first frame begins."""
    slack: Fraction
    """How far from its place a frame may seem to be, in samples."""

    @classmethod
    def of(cls, stamps: Sequence[int], tick: Fraction, frame: int) -> "Grid":
        """Find it by the time stamps of a track's first frames, at least one."""
        found = _phase(stamps, tick, frame) if frame and tick > EXACT_SAMPLES else None
        if found is not None:
            return cls(tick, frame, found, tick / 2 + 2)
        return cls(tick, frame, stamps[0] * tick, tick + 1)

    def place(self, stamp: int) -> Fraction:
        """Give the place of the frame with this time stamp, from the clock's zero."""
        exact = stamp * self.tick - self.phase
        return self.phase + self._near(exact, self.slack)

    def length(self, ticks: int) -> int:
        """Give the length of a frame of this duration."""
        return round(self._near(ticks * self.tick, self.tick + 1))

    def _near(self, exact: Fraction, slack: Fraction) -> Fraction:
        if self.frame:
            snapped = round(exact / self.frame) * self.frame
            if abs(exact - snapped) <= slack:
                return Fraction(snapped)
        return exact


def _phase(stamps: Sequence[int], tick: Fraction, frame: int) -> Fraction | None:
    """Find the one beginning that agrees with all stamps, each of which was rounded to the nearest tick."""
    half = tick / 2
    low = max(stamp * tick - half - at * frame for at, stamp in enumerate(stamps))
    high = min(stamp * tick + half - at * frame for at, stamp in enumerate(stamps))
    if low > high + 1:
        return None
    first = stamps[0] * tick
    return first if low <= first <= high else (low + high) / 2
