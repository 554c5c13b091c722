"""What is asked of the catalogue, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from matinee.models.rights import Verdict
from matinee.models.title import Kind, Title
from matinee.models.torrent import TorrentView
from matinee.types import Country, FileIndex


class Sort(StrEnum):
    """In which order titles are listed."""

    RELEVANCE = "relevance"
    TITLE = "title"
    OLDEST = "year"
    NEWEST = "-year"
    RATING = "rating"


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleQuery:
    """Which titles are looked for; what is None or empty does not count."""

    words: str = ""
    """As a person types them; the last may be half a word."""
    kind: Kind | None = None
    genre: str | None = None
    decade: int | None = None
    """Its first year."""
    language: str | None = None
    """Spoken, or in its intertitles; BCP 47."""
    children: bool = False
    """Whether only those that a child may see alone."""
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
    source: str
    """Who gave it: ``shelf``, or a provider's name."""


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
