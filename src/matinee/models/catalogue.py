"""What is asked of the catalogue, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from matinee.models.rights import Standing, Verdict
from matinee.models.title import Kind, Title
from matinee.models.torrent import TorrentView
from matinee.types import Country, FileIndex

if TYPE_CHECKING:
    from datetime import datetime

    from matinee.models.provider import Trouble

SHELF = "shelf"
"""The source of what comes with the program."""
FOLDER = "torrent-folder"
"""The source of what is in the user's folder of torrents."""
OWN = "own"
"""The source of what was published here."""


class Sort(StrEnum):
    """In which order titles are listed."""

    RELEVANCE = "relevance"
    TITLE = "title"
    OLDEST = "year"
    NEWEST = "-year"
    RATING = "rating"
    ADDED = "added"
    """The newest in the catalogue first."""


Span: TypeAlias = tuple[int | None, int | None]
"""From the first to the last, both among them; None where there is no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleQuery:
    """Which titles are looked for; what is None or empty does not count."""

    words: str = ""
    """As a person types them; the last may be half a word."""
    kind: Kind | None = None
    genre: str | None = None
    decade: int | None = None
    """Its first year."""
    years: Span = (None, None)
    """Of first publication."""
    minutes: Span = (None, None)
    """How long it is; what tells no length is none of them."""
    country: Country | None = None
    """Where it was made."""
    licence: str | None = None
    """Under which it is, as in ``models/licences``."""
    standing: Standing | None = None
    """``ALLOWED`` for what may be shared here for certain, ``NOT_KNOWN`` for the rest of what is shown."""
    playable: bool = False
    """Whether only what can be played at once: somebody offers it, and nothing must be stated first."""
    language: str | None = None
    """Spoken, or in its intertitles; BCP 47."""
    children: bool = False
    """Whether only those that a child may see alone."""
    subtitled: bool = False
    """Whether only those beside which subtitles are known to lie."""
    shelf: str | None = None
    sort: Sort | None = None
    """By default relevance with words, title without."""
    limit: int = 24
    cursor: str | None = None
    """``next`` of the answer before."""


@dataclass(frozen=True, slots=True)
class TitlePage:
    """One part of an answer."""

    titles: tuple[Title, ...]
    next: str | None
    """What to ask for the next part with; None at the end."""
    close: bool = False
    """Whether nothing has the words as they stand, and these have words nearly the same."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the titles that are shown may be narrowed by, where that is not one answer for all."""

    languages: tuple[str, ...]
    """Spoken, or in intertitles; BCP 47, without regions."""
    minutes: Span
    """The shortest and the longest; None where none tells its length."""
    subtitled: bool
    """Whether there are some beside which subtitles are known to lie."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A part of what a provider knows of what is looked for, or why there is none."""

    provider: str
    """Its id."""
    titles: tuple[Title, ...]
    """Those of its titles that are shown here and pass the filters, joined with what others say of them."""
    found: int
    """How many it gave, before what may not be shown here, or does not pass the filters, was left out."""
    kept_at: datetime | None
    """When it gave them, where that was before, UTC."""
    trouble: Trouble | None
    """Why there are none, or not all; what it gave before stands in then."""
    last: bool
    """Whether it has nothing to add."""


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One row of the home page."""

    id: str
    names: Mapping[str, str]
    """By language: en and fr."""
    count: int
    """How many titles stand there."""
    titles: tuple[Title, ...]
    """The first of them."""


@dataclass(frozen=True, slots=True)
class ShelfRows:
    """The home page: what may be shared in a country."""

    country: Country
    rows: tuple[ShelfRow, ...]


@dataclass(frozen=True, slots=True)
class JudgedTitle:
    """A title and whether it may be shared here."""

    title: Title
    verdict: Verdict
    sources: tuple[str, ...]
    """Who has it: ``shelf``, or providers' ids; the first one's words stand."""
    own_releases: int | None = None
    """How many of its releases are of the one that leads, the first of them; None for all."""
    looking: bool = False
    """Whether others are asked now for what it lacks."""

    @property
    def source(self) -> str:
        """Who leads."""
        return self.sources[0]


@dataclass(frozen=True, slots=True)
class AddedTitle:
    """A title whose torrent is here."""

    torrent: TorrentView
    file: FileIndex | None
    """The film among its files; None as long as nobody has sent their list, or when nothing tells which it is."""
    new: bool
    """Whether it was not here before."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a title is to be played."""

    season: int | None = None
    episode: int | None = None
    release: int | None = None
    """Index among the releases of the title, or of the episode where that has its own."""
    trailer: bool = False
    """Its trailer, and nothing else of it."""
