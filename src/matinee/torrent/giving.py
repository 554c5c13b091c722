"""When a complete torrent has been given enough. Pure: the clock is the caller's."""

from dataclasses import dataclass

from matinee.models.torrent import Enough

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Given:
    """What was given of a torrent."""

    bytes_here: int
    bytes_down: int
    """Taken from others since it was added: 0 of what its user has made."""
    bytes_up: int
    complete_since_s: float | None
    """By the wall clock; None as long as it is not complete."""


@dataclass(frozen=True, slots=True)
class GiveLimits:
    """At which giving ends; 0 is no limit."""

    ratio: float = 0.0
    hours: float = 0.0

    def over(self, ratio: float | None, hours: float | None) -> "GiveLimits":
        """Give these with a torrent's own in front of them; None is none of its own."""
        return GiveLimits(self.ratio if ratio is None else ratio, self.hours if hours is None else hours)


def ratio(given: Given) -> float:
    """Say what was given for each byte that is here, or was taken if that is more."""
    cost = max(given.bytes_here, given.bytes_down)
    return given.bytes_up / cost if cost else 0.0


def until_s(limits: GiveLimits, given: Given) -> float | None:
    """Say when its hours end, by the wall clock; None where they do not."""
    if not limits.hours or given.complete_since_s is None:
        return None
    return given.complete_since_s + limits.hours * HOUR_S


def enough(limits: GiveLimits, given: Given, now_s: float) -> Enough | None:
    """Say why it is given no longer; None as long as it is, and as long as it is not complete."""
    if given.complete_since_s is None:
        return None
    if limits.ratio and given.bytes_here and ratio(given) >= limits.ratio:
        return Enough.RATIO
    end_s = until_s(limits, given)
    return Enough.HOURS if end_s is not None and now_s >= end_s else None
