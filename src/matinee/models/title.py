"""A film or a series: what it is, where its releases are, and what is known of its rights. Parses nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from matinee.models.rights import Evidence
from matinee.types import Country, TitleId


class Kind(StrEnum):
    """What a title is."""

    FILM = "film"
    SERIES = "series"


class PictureKind(StrEnum):
    """What a picture of a title is for."""

    POSTER = "poster"
    BACKDROP = "backdrop"
    STILL = "still"
    """Of the film itself: there may be several."""


@dataclass(frozen=True, slots=True)
class ArchiveItem:
    """An item of the Internet Archive; its metadata and its torrent are found by this name."""

    identifier: str


@dataclass(frozen=True, slots=True)
class MagnetLink:
    """A magnet link."""

    link: str


@dataclass(frozen=True, slots=True)
class WebAddress:
    """The https address of a .torrent."""

    url: str


@dataclass(frozen=True, slots=True)
class WebFilm:
    """A film on the web of which there is no torrent: it plays while it comes; one is made when it is whole."""

    url: str
    """https."""
    sha1: str | None
    """Of the film, 40 hex digits; None when its host does not say."""


Place: TypeAlias = ArchiveItem | MagnetLink | WebAddress | WebFilm


@dataclass(frozen=True, slots=True)
class Release:
    """One encoding of a title, or the item that holds several. What is not known is None."""

    place: Place
    file: str | None = None
    """Path of the film within the item or torrent; None when it must be chosen there."""
    note: str | None = None
    """What tells it from the others, for people."""
    length_bytes: int | None = None
    duration_s: float | None = None
    width: int | None = None
    height: int | None = None
    codecs: tuple[str, ...] = ()
    """FFmpeg's names, picture first."""
    subtitles: tuple[str, ...] = ()
    """Languages of subtitles beside it, BCP 47."""


@dataclass(frozen=True, slots=True)
class HostedSubtitles:
    """Subtitles of a title that lie on its web host, in no torrent."""

    url: str
    """https."""
    language: str
    """BCP 47; ``und`` when the host does not say."""
    label: str = ""
    """What tells them from others of the language, for people."""


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode of a season."""

    number: int
    """From 1; 0 for a pilot or a special that stands before."""
    title: str
    """Original title."""
    minutes: int | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    """By language, BCP 47, where it differs from the original."""
    synopsis: Mapping[str, str] = field(default_factory=dict)
    """By language."""
    releases: tuple[Release, ...] = ()
    """Its own; empty when it is in a release of the whole series, or, where that has none, when none is known."""


@dataclass(frozen=True, slots=True)
class Season:
    """One season of a series; a serial has one."""

    number: int
    """From 1; 0 for specials."""
    episodes: tuple[Episode, ...]
    """By number."""


@dataclass(frozen=True, slots=True)
class Rating:
    """What people thought of it, where that may be shown freely."""

    value: float
    """From 0 to 10."""
    votes: int
    by: str
    """Where they voted."""


@dataclass(frozen=True, slots=True)
class Trailer:
    """A title's trailer: a work of its own, with rights of its own."""

    release: Release
    evidence: tuple[Evidence, ...]
    """Of the trailer alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A film or a series."""

    id: TitleId
    kind: Kind
    title: str
    """Original title."""
    year: int
    """Of first publication: its first showing in public anywhere."""
    countries: tuple[Country, ...]
    """Where it was made."""
    languages: tuple[str, ...]
    """Spoken or in the intertitles, BCP 47; empty where there are no words."""
    silent: bool = False
    minutes: int | None = None
    """Running time; of an episode, for a series."""
    directors: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    """In billing order."""
    genres: tuple[str, ...] = ()
    """Of ``GENRES``, the one it belongs to most first."""
    shelves: tuple[str, ...] = ()
    """Rows of the home page it stands in, of ``SHELVES``."""
    children: bool = False
    """Whether a child may see it alone."""
    imdb: str | None = None
    """IMDb's identifier, ``tt`` and digits."""
    wikidata: str | None = None
    """Wikidata's, ``Q`` and digits."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """By language, BCP 47, where it is known by another name than the original."""
    synopsis: Mapping[str, str] = field(default_factory=dict)
    """By language."""
    poster: str | None = None
    """https address; None when one is to be drawn."""
    backdrop: str | None = None
    """https address of a wide picture."""
    rating: Rating | None = None
    releases: tuple[Release, ...] = ()
    seasons: tuple[Season, ...] = ()
    """By number; empty for a film."""
    trailer: Trailer | None = None
    evidence: tuple[Evidence, ...] = ()
    authors_complete: bool = False
    """Whether every author whose life counts is named in the evidence with the year of death."""


GENRES = (
    "action", "adventure", "animation", "comedy", "crime", "documentary", "drama", "family", "fantasy", "history",
    "horror", "music", "musical", "mystery", "noir", "romance", "science-fiction", "short", "sport", "talk",
    "thriller", "war", "western",
)  # fmt: skip

SHELVES = (
    "essentials", "silent-classics", "silent-comedy", "noir", "crime", "horror", "science-fiction", "comedy", "drama",
    "romance", "western", "adventure", "war", "animation", "cartoons", "children", "documentary", "history",
    "open-films", "french", "world", "serials", "television", "talks", "shorts",
)  # fmt: skip
"""In the order of the home page."""
