"""What was taken and given of each torrent, when, and on what basis. Parses nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Stated:
    """A basis on which a torrent was shared, from then on."""

    stated_at: str
    """RFC 3339, UTC."""
    basis: str
    """Of ``models/rights.Basis``."""
    licence: str | None
    """As it was stated."""
    licence_url: str | None
    """Where its text is; None when it is not known."""


@dataclass(frozen=True, slots=True)
class Named:
    """The title for which a torrent was added, and what spoke for sharing it then."""

    id: str
    name: str | None
    """None where only the identifier was recorded."""
    year: int | None
    season: int | None
    episode: int | None
    recorded_at: str
    """When the evidence was written down: RFC 3339, UTC."""
    country: str
    """For which it was judged; empty when nobody said where the user is."""
    reasons: tuple[Mapping[str, Any], ...]
    """``why`` and ``facts``, as docs/rights.md has them."""
    evidence: tuple[Mapping[str, Any], ...]
    """``claim``, ``by``, ``source``, ``checked`` and ``facts``, as they were then."""


@dataclass(frozen=True, slots=True)
class Day:
    """What moved on one day, UTC."""

    day: str
    first_at: str
    """When something was first seen to have moved, to the minute: RFC 3339, UTC."""
    last_at: str
    bytes_down: int
    """Payload bytes taken from others."""
    bytes_up: int
    """Payload bytes given to others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A torrent from when it was added to when it was removed. One that was added again has another."""

    info_hash: str
    name: str
    added_at: str
    """RFC 3339, UTC, like every moment here."""
    recorded_from: str
    """Since when days are recorded: ``added_at``, but for torrents of an older program."""
    removed_at: str | None
    """None as long as it is here."""
    title: Named | None
    """None when it was not added from the catalogue."""
    stated: tuple[Stated, ...]
    """Every basis, the oldest first; empty when nobody stated one, and nothing was shared then."""
    before_down: int | None
    """Bytes taken before ``recorded_from``, nobody knows when; None when it is not known how many."""
    before_up: int | None
    days: tuple[Day, ...]
    """Only days on which something moved, the oldest first."""
    bytes_down: int
    """All that is recorded, ``before_down`` included."""
    bytes_up: int
    seeds: int | None = None
    """How many others had all of it when any was last seen; None where none ever was."""
    seeds_on: str | None = None
    """The day, UTC, on which that was."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """All that is on record."""

    made_at: str
    version: str
    """Of the program that wrote it."""
    entries: tuple[Entry, ...]
    """The torrent that was added first is first."""
