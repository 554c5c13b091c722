"""The seek bar's pictures as values: checked where they come from the confined process, written as WebVTT. Pure."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from matinee.confined.frames import Head, WireError

MOST_MOMENTS = 1000
MOST_PIXELS = 1000
"""Of a picture's side."""
MOST_SPRITE_BYTES = 4 * 1024 * 1024
COLUMNS = 5
"""Pictures in a row of a sprite, and its most rows."""
A_SPRITE = COLUMNS * COLUMNS
"""Pictures of a sprite at most."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A part of a film, ``[start_s, stop_s)``, that one picture stands for."""

    start_s: float
    stop_s: float
    stamp: int
    """What the process calls the picture."""
    first: int
    last: int
    """It needs the film's bytes ``[first, last)``."""


@dataclass(frozen=True, slots=True)
class Sprite:
    """Pictures in one picture, in rows of ``COLUMNS``."""

    made: tuple[int, ...]
    """Which of those that were asked for it holds, in its order."""
    missing: frozenset[int]
    """Which of them need bytes that are not here."""
    width: int
    """Of each, in pixels."""
    height: int
    data: bytes
    """WebP."""
    times_s: tuple[float, ...] | None = None
    """When those made are shown, where the moments only guess it."""


@dataclass(frozen=True, slots=True)
class Tile:
    """Where the picture of a moment is."""

    moment: Moment
    sprite: int
    place: int
    """Counted from 0, row by row."""
    width: int
    height: int


def moments_from_wire(head: Head, length: int) -> tuple[Moment, ...]:
    """Read which moments a film of ``length`` bytes has.

    Raises:
        WireError: they are not in order, or not in the film.
    """
    found = head.get("moments")
    if not isinstance(found, list) or len(found) > MOST_MOMENTS:
        raise WireError("no moments")
    moments = tuple(_moment(one, length) for one in found)
    before_s = 0.0
    for moment in moments:
        if not before_s <= moment.start_s < moment.stop_s:
            raise WireError("moments in disorder")
        before_s = moment.stop_s
    return moments


def sprite_from_wire(head: Head, data: bytes, asked: int) -> Sprite:
    """Read a sprite of at most ``asked`` pictures.

    Raises:
        WireError: it is none, or one of other pictures.
    """
    made, missing = _places(head.get("made"), asked), _places(head.get("missing"), asked)
    width, height = _side(head.get("width")), _side(head.get("height"))
    is_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP" and len(data) <= MOST_SPRITE_BYTES
    if made and not (is_webp and width and height):
        raise WireError("no sprite")
    return Sprite(made, frozenset(missing), width, height, data, _times(head.get("times_s"), len(made)))


def moment_at(moments: Sequence[Moment], time_s: float) -> Moment:
    """Give the moment in which a time lies, or the nearest one; there must be one."""
    at = bisect_right(moments, time_s, key=lambda one: one.start_s) - 1
    return moments[max(0, at)]


def track(tiles: Iterable[Tile], prefix: str, least_s: float = 0.0) -> str:
    """Write which part of which sprite shows which moment, as WebVTT.

    Args:
        tiles: in any order.
        prefix: stands before a sprite's number.
        least_s: for how long a picture stands where there is no other: one from the middle of a minute stands for it.
    """
    lines = ["WEBVTT", ""]
    ordered = sorted(tiles, key=lambda tile: tile.moment.start_s)
    for tile, (start_s, stop_s) in zip(
        ordered, _stretched([one.moment for one in ordered], least_s), strict=True
    ):
        row, column = divmod(tile.place, COLUMNS)
        part = f"{column * tile.width},{row * tile.height},{tile.width},{tile.height}"
        lines += [
            f"{_clock(start_s)} --> {_clock(stop_s)}",
            f"{prefix}{tile.sprite}.webp#xywh={part}",
            "",
        ]
    return "\n".join(lines)


def _stretched(moments: Sequence[Moment], least_s: float) -> Iterator[tuple[float, float]]:
    """Give when each moment is shown: longer than it is where there is room, up to the middle between two."""
    for at, moment in enumerate(moments):
        middle_s = (moment.start_s + moment.stop_s) / 2
        before_s = moments[at - 1].stop_s if at else -moment.start_s
        after_s = moments[at + 1].start_s if at + 1 < len(moments) else math.inf
        yield (
            min(moment.start_s, max(middle_s - least_s / 2, (before_s + moment.start_s) / 2)),
            max(moment.stop_s, min(middle_s + least_s / 2, (moment.stop_s + after_s) / 2)),
        )


def _moment(value: object, length: int) -> Moment:
    match value:
        case [float() | int() as start_s, float() | int() as stop_s, int(stamp), int(first), int(last)]:
            if math.isfinite(start_s + stop_s) and 0 <= first < last <= length and abs(stamp) < 2**63:
                return Moment(float(start_s), float(stop_s), stamp, first, last)
    raise WireError("no moment")


def _places(value: object, stop: int) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(type(at) is int and 0 <= at < stop for at in value):
        raise WireError("no places")
    if value != sorted(set(value)):
        raise WireError("places in disorder")
    return tuple(value)


def _times(value: object, count: int) -> tuple[float, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != count:
        raise WireError("no times")
    if not all(isinstance(one, float | int) and math.isfinite(one) for one in value):
        raise WireError("no times")
    return tuple(float(one) for one in value)


def _side(value: object) -> int:
    if type(value) is not int or not 0 <= value <= MOST_PIXELS:
        raise WireError("no size")
    return value


def _clock(time_s: float) -> str:
    total_ms = round(time_s * 1000)
    minutes, ms = divmod(total_ms, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{ms // 1000:02}.{ms % 1000:03}"
