"""What is promised of a film before it plays, and what came of it, as values."""

from dataclasses import dataclass
from enum import StrEnum

from matinee.types import FileIndex, InfoHash


class Plays(StrEnum):
    """Whether a film is expected to play without a stall."""

    SMOOTHLY = "smoothly"
    PAUSES = "pauses"
    """It needs more than it gets."""
    CONVERTS_SLOWLY = "converts-slowly"
    """This computer converts it more slowly than it plays."""
    NOT_KNOWN = "not-known"


class Basis(StrEnum):
    """What a promise rests on, the surest first."""

    HERE = "here"
    """What it begins with is on the disk."""
    FILM = "film"
    """This very torrent was played before."""
    LINE = "line"
    """Other films were."""
    GUESS = "guess"
    """Nothing was yet: the figures of a usual line."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What is expected of one film on this line, from the moment somebody wants to see it."""

    starts_in_s: float
    """From then to the first picture."""
    plays: Plays
    needs_bytes_per_s: float | None
    """To play without a stall; None as long as nothing tells how long the film is."""
    gets_bytes_per_s: float
    """What the line, or this film's sources, are taken to give."""
    basis: Basis


@dataclass(frozen=True, slots=True)
class Outcome:
    """A promise, and what happened."""

    at: str
    """RFC 3339, UTC: when somebody wanted to see it."""
    info_hash: InfoHash
    file_index: FileIndex
    promise: Promise
    fresh: bool
    """Whether nothing of it was here."""
    start_s: float
    """From then until the player had the first seconds of film."""
    reach_s: float
    """What of that does not depend on how much had to come: finding others, asking them, getting up to speed."""
    rate_bytes_per_s: float | None
    """At which it came after that; None when too little did to tell."""
    watched_s: float
    """How long was looked whether it stalls."""
    stalls: int
    stalled_s: float
