"""Whether a figure that was looked at again and again stays where it was. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

Point = tuple[float, float]
"""When, in seconds, and how much."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that must not grow, and by how much its trend may rise all the same from the first look to the last."""

    name: str
    unit: str
    most_rise: float
    why: str
    """What the rise that is allowed is made of."""


@dataclass(frozen=True, slots=True)
class Trend:
    """What became of a figure."""

    figure: Figure
    first: float
    last: float
    least: float
    most: float
    per_hour: float
    """The slope of its trend."""
    rise: float
    """Of the trend, over all the time that was looked at."""

    @property
    def flat(self) -> bool:
        """Whether it rose no further than it may. That it falls is no fault."""
        return self.rise <= self.figure.most_rise

    def __str__(self) -> str:
        """Give it in a line."""
        return (
            f"{self.figure.name}: {self.first:.6g} to {self.last:.6g} {self.figure.unit} "
            f"(between {self.least:.6g} and {self.most:.6g}), trend {self.per_hour:+.3g} an hour, "
            f"{self.rise:+.3g} in all, at most {self.figure.most_rise:g}: {'flat' if self.flat else 'GROWS'}"
        )


def slope(points: Sequence[Point]) -> float:
    """Give the median of the slopes between any two points (Theil and Sen): up to 29 % of them may be anything.

    Raises:
        ValueError: there are no two points at different times.
    """
    slopes = [
        (b - a) / (until - since) for (since, a), (until, b) in combinations(points, 2) if until > since
    ]
    if not slopes:
        raise ValueError("a trend needs two points")
    return median(slopes)


def trend(figure: Figure, points: Sequence[Point]) -> Trend:
    """Give what became of a figure; its points in the order of time. Raises ValueError as ``slope`` does."""
    per_s = slope(points)
    values = [value for _, value in points]
    lasted_s = points[-1][0] - points[0][0]
    return Trend(figure, values[0], values[-1], min(values), max(values), per_s * 3600, per_s * lasted_s)
