"""Which release of a title is played, and why, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from matinee.models.promise import Promise


class Why(StrEnum):
    """Why a release was chosen; stable, put into words by the page."""

    ONLY_ONE = "only-one"
    HERE_ALREADY = "here-already"
    """Its torrent was added before. Facts: none."""
    NOBODY_HAS_IT = "nobody-has-it"
    """Facts: none. The same is true of all others."""
    SOURCES = "sources"
    """Facts: ``count``, of seeds and web seeds."""
    FITS_LINE = "fits-line"
    """Facts: ``needs_bytes_per_s``, ``gets_bytes_per_s``."""
    NEEDS_LEAST = "needs-least"
    """None fits the line. The same facts."""
    RATE_NOT_KNOWN = "rate-not-known"
    """Facts: ``gets_bytes_per_s``."""
    LINE_NOT_MEASURED = "line-not-measured"
    """Facts: ``assumed_bytes_per_s``."""
    BEST_PICTURE = "best-picture"
    """Facts: ``lines``, ``screen_lines``, which is 0 when not known."""
    STARTS_SOONEST = "starts-soonest"
    """Of those with as good a picture. Facts: ``starts_in_s``."""
    PLAYS = "plays-as-it-is"
    SEGMENTS = "sent-in-segments"
    SOUND = "sound-converted"
    UNKNOWN = "codecs-not-known"
    PICTURE = "picture-converted"
    """Facts: ``codec``, empty when not known."""


Facts: TypeAlias = Mapping[str, str | float]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, and the facts that it is put into words with."""

    why: Why
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What pressing Play on a title would do."""

    release: int | None
    """Index among the releases of the title, or of the episode where that has its own; None where what is here already
    would be played."""
    file: str | None
    """The file that would be played, where that is known."""
    promise: Promise
    reasons: tuple[Reason, ...]
    """Why this one."""
