"""Which release of a title is played here: the best picture that this line and this screen bear, soonest. Pure.

In this order: one that somebody has; one that this line brings as fast as it plays; the better picture, as far as the
screen shows it; the sooner start. What is not known counts as little: a guess never beats what is known to be good.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from matinee.models.choice import Reason, Why
from matinee.models.playback import ClientSupport
from matinee.models.title import Release

MARGIN = 1.2
"""A film needs so much more than its mean rate: its scenes differ, and so does what a line gives.

Chosen, not measured.
"""
UNMEASURED_BYTES_PER_S = 1.25e6
"""What a line is taken for that has not been measured: 10 Mbit/s, which most bear."""
BITS_PER_SQUARE_LINE = 5.2
"""A film of so many lines whose rate is not known takes their square times this, in bits a second: 1080 take 6 Mbit/s,
480 take 1.2; and half as much again, for it is a guess."""
GUESS_MARGIN = 1.5
CONVERTED_WORTH = 0.5
"""A picture that must be converted has to be more than twice as tall as one that plays: converting costs quality, and
may not keep up."""
STEPS = (4320, 2160, 1440, 1080, 720, 576, 480, 360, 240, 144)
"""Pictures of the same step look alike; within it the sooner start is better."""
NEARLY = 0.9

_CONTAINER_OF = {
    "mp4": "mp4", "m4v": "mp4", "mov": "mp4", "webm": "webm", "mkv": "matroska", "ogv": "ogg", "ogg": "ogg",
    "avi": "avi", "mpeg": "mpeg", "mpg": "mpeg", "ts": "mpegts", "wmv": "asf", "flv": "flv",
}  # fmt: skip
_IN_WEBM = frozenset({"vp8", "vp9", "av1", "opus", "vorbis"})
_SOUNDS = frozenset(
    {"aac", "mp3", "mp2", "opus", "vorbis", "flac", "ac3", "eac3", "dts", "dca", "alac", "truehd", "wmav2"}
)


class Handling(StrEnum):
    """What must be done to a release before this player shows it, the least first."""

    PLAYS = "plays"
    SEGMENTS = "segments"
    """Another container, nothing is converted."""
    SOUND = "sound"
    """The sound is converted."""
    UNKNOWN = "unknown"
    """Its codecs are not known; its container is one that the player opens, or most of which can be played."""
    PICTURE = "picture"
    """The picture is converted, or may have to be."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A release, and what is known of those who have it."""

    release: Release
    sources: int | None = None
    """Seeds and web seeds; None when nobody was asked."""
    gets_bytes_per_s: float | None = None
    """What they are known to give together; None when they have not been tried."""
    starts_in_s: float | None = None
    """What ``playback/promise`` says."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is to be played."""

    client: ClientSupport
    line_bytes_per_s: float | None = None
    """As measured; None before anything was played."""


BROWSER = ClientSupport(
    frozenset({"mp4", "webm"}),
    frozenset({"h264", "vp8", "vp9", "av1"}),
    frozenset({"aac", "mp3", "opus", "vorbis", "flac"}),
)
"""What every browser of today decodes: whoever does not say what it can is taken for one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A release and why, compared with those behind it."""

    index: int
    """Its place among the candidates."""
    handling: Handling
    needs_bytes_per_s: float | None
    """To play without a stall; None when nothing tells."""
    fits: bool
    """Whether it is expected to play without a stall."""
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Judged:
    index: int
    candidate: Candidate
    handling: Handling
    lines: int
    """Of its step, no more than the screen has; 0 when not known."""
    worth: float
    needs: float | None
    gets: float

    @property
    def fits(self) -> bool:
        return self.needs is None or self.needs <= self.gets

    @property
    def key(self) -> tuple[float, ...]:
        """Those ordered first are better. Within those that do not fit the least demanding is: it stalls least.

        The order within each of the two does not depend on the line, and the first to fit of a growing line is the
        first of those that did not: so a faster line never chooses a smaller picture."""
        start = self.candidate.starts_in_s
        dead = self.candidate.sources == 0
        size = -self.worth if self.fits else self.needs or 0.0
        # Where nobody knows how large the pictures are, more bytes are the better one; else they only take the line.
        bits = (self.needs or 0.0) * (1 if self.lines else -1)
        return (
            dead, not self.fits, size, self.handling is Handling.PICTURE, self.needs is None,
            self.handling is Handling.UNKNOWN, float("inf") if start is None else start,
            list(Handling).index(self.handling), bits, self.index,
        )  # fmt: skip


def rank(candidates: Sequence[Candidate], place: Place) -> tuple[Choice, ...]:
    """Order releases of one title, the one to be played first.

    Args:
        candidates: at least one.
        place: the player, its line and its screen.
    """
    judged = sorted(
        (_judge(index, one, place) for index, one in enumerate(candidates)), key=lambda one: one.key
    )
    return tuple(
        Choice(one.index, one.handling, one.needs, one.fits, _reasons(one, judged[at + 1 :], place))
        for at, one in enumerate(judged)
    )


def needs_bytes_per_s(release: Release) -> float | None:
    """Give what a release needs to play without a stall, in bytes a second; None when nothing tells."""
    if release.length_bytes and release.duration_s:
        return release.length_bytes / release.duration_s * MARGIN
    lines = _lines(release)
    return lines * lines * BITS_PER_SQUARE_LINE / 8 * GUESS_MARGIN * MARGIN if lines else None


def handling_of(release: Release, client: ClientSupport) -> Handling:
    """Say what must be done to a release, by its codecs and the ending of its name."""
    container = container_of(release.file)
    opens = container in client.containers
    if not release.codecs:
        # What is in a Matroska is mostly what browsers decode; older containers hold what none does.
        return Handling.UNKNOWN if opens or container in (None, "matroska") else Handling.PICTURE
    if container == "matroska" and "webm" in client.containers and _IN_WEBM.issuperset(release.codecs):
        opens = True
    pictures = [codec for codec in release.codecs if codec not in _SOUNDS]
    sounds = [codec for codec in release.codecs if codec in _SOUNDS]
    if not client.video.issuperset(pictures):
        return Handling.PICTURE
    if not client.audio.issuperset(sounds):
        return Handling.SOUND
    return Handling.PLAYS if opens else Handling.SEGMENTS


def container_of(file: str | None) -> str | None:
    """Give what clients call the container of a file, by its name; None when it has none that is known."""
    _, dot, ending = (file or "").rpartition("/")[2].rpartition(".")
    return _CONTAINER_OF.get(ending.lower()) if dot else None


def _lines(release: Release) -> int:
    """Give the lines of a picture as if it were 16:9: of a wide film the black bars were only cut off."""
    return max(release.height or 0, (release.width or 0) * 9 // 16)


def _step(lines: int) -> int:
    return next((step for step in STEPS if lines >= step * NEARLY), lines)


def _judge(index: int, one: Candidate, place: Place) -> _Judged:
    handling = handling_of(one.release, place.client)
    lines = _step(_lines(one.release))
    for most in (place.client.screen_height, place.client.max_height):
        lines = min(lines, most) if most else lines
    line = UNMEASURED_BYTES_PER_S if place.line_bytes_per_s is None else place.line_bytes_per_s
    gets = line if one.gets_bytes_per_s is None else min(line, one.gets_bytes_per_s)
    worth = lines * CONVERTED_WORTH if handling is Handling.PICTURE else lines
    return _Judged(index, one, handling, lines, worth, needs_bytes_per_s(one.release), gets)


def _reasons(one: _Judged, behind: Sequence[_Judged], place: Place) -> tuple[Reason, ...]:
    found: list[Reason] = []
    if one.candidate.sources == 0:
        found.append(Reason(Why.NOBODY_HAS_IT))
    elif one.candidate.sources:
        found.append(Reason(Why.SOURCES, {"count": float(one.candidate.sources)}))
    if not behind and one.index == 0:
        found.append(Reason(Why.ONLY_ONE))
    rates = {"gets_bytes_per_s": one.gets}
    measured = place.line_bytes_per_s is not None or one.candidate.gets_bytes_per_s is not None
    if not measured:
        found.append(Reason(Why.LINE_NOT_MEASURED, {"assumed_bytes_per_s": one.gets}))
    if one.needs is None:
        found += [Reason(Why.RATE_NOT_KNOWN, rates)] if measured else []
    else:
        why = Why.FITS_LINE if one.fits else Why.NEEDS_LEAST
        found.append(Reason(why, {"needs_bytes_per_s": one.needs, **rates}))
    rivals = [other for other in behind if other.fits == one.fits]
    if one.fits and one.lines and any(other.worth < one.worth for other in rivals):
        found.append(
            Reason(Why.BEST_PICTURE, {"lines": one.lines, "screen_lines": place.client.screen_height})
        )
    start = one.candidate.starts_in_s
    alike = [other.candidate.starts_in_s for other in rivals if other.worth == one.worth]
    if start is not None and any(other is not None and other > start for other in alike):
        found.append(Reason(Why.STARTS_SOONEST, {"starts_in_s": start}))
    found.append(_about_handling(one))
    return tuple(found)


def _about_handling(one: _Judged) -> Reason:
    why = Why[one.handling.name]
    if one.handling is not Handling.PICTURE:
        return Reason(why)
    return Reason(why, {"codec": one.candidate.release.codecs[0] if one.candidate.release.codecs else ""})
