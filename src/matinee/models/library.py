"""What is remembered of people who watch, as values."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from matinee.types import FileIndex, InfoHash, ProfileId

FIRST = ProfileId("home")
"""The profile that is always there; who lives alone never hears of any."""

COLOURS = ("amber", "rose", "plum", "sea", "leaf", "sky", "brick", "slate")
"""The grounds an avatar may have."""


class Kind(StrEnum):
    """What a record is about."""

    PROGRESS = "progress"
    HISTORY = "history"
    WATCHLIST = "watchlist"
    RATING = "rating"
    TASTE = "taste"


class Thumb(StrEnum):
    """What somebody thought of a title."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Profile:
    """Somebody for whom things are remembered."""

    id: ProfileId
    name: str
    """Empty as long as nobody has named the first one."""
    colour: str
    """Of ``COLOURS``."""
    child: bool
    """Whether only titles that suit children are shown."""
    keeps_history: bool
    created_ms: int


@dataclass(frozen=True, slots=True)
class Work:
    """What is watched in one go: a film, an episode, or a file of a torrent whose title nobody knows."""

    title: str
    """A title of the catalogue, or an info hash."""
    season: int | None = None
    number: int | None = None
    """Of an episode; both or neither."""
    file: FileIndex | None = None
    """Of a torrent alone."""

    @property
    def key(self) -> str:
        """Its name among all: ``nosferatu-1922``, ``les-vampires-1915:s1e2``, ``INFO_HASH:f0``."""
        if self.file is not None:
            return f"{self.title}:f{self.file}"
        return self.title if self.season is None else f"{self.title}:s{self.season}e{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where somebody left a work."""

    work: Work
    position_s: float
    duration_s: float
    """0 where it is not known."""
    watched: bool
    """Whether its end, or its credits, were reached, now or before; or somebody said so."""
    info_hash: InfoHash | None
    file_index: FileIndex | None
    """What was played of it last."""
    name: str
    """What it was called then, for as long as nobody knows better."""
    changed_ms: int
    """Unix time in milliseconds, here and below."""

    @property
    def key(self) -> str:
        """Its key among records of its kind, here and below."""
        return self.work.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewing:
    """That somebody watched a work one evening."""

    day: str
    """YYYY-MM-DD; what goes on after midnight belongs to the evening before."""
    work: Work
    position_s: float
    duration_s: float
    watched: bool
    name: str
    changed_ms: int

    @property
    def key(self) -> str:
        """``2026-11-26:nosferatu-1922``."""
        return f"{self.day}:{self.work.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A title that somebody wants to see."""

    title: str
    name: str
    changed_ms: int

    @property
    def key(self) -> str:
        """The title."""
        return self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What somebody thought of a title."""

    title: str
    thumb: Thumb
    name: str
    changed_ms: int

    @property
    def key(self) -> str:
        """The title."""
        return self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Taste:
    """How somebody likes a series, or one film, to be played; None where nothing was chosen."""

    series: str
    """The page's own name of it."""
    subtitles: str | None = None
    """BCP 47, or ``off``."""
    second: str | None = None
    audio: str | None = None
    look: str | None = None
    """The page's own JSON."""
    delay_s: float | None = None
    stretch: float | None = None
    changed_ms: int

    @property
    def key(self) -> str:
        """The series."""
        return self.series


Record: TypeAlias = Progress | Viewing | Wish | Rating | Taste

KIND_OF: dict[type[Record], Kind] = {
    Progress: Kind.PROGRESS,
    Viewing: Kind.HISTORY,
    Wish: Kind.WATCHLIST,
    Rating: Kind.RATING,
    Taste: Kind.TASTE,
}


def title_in(kind: Kind, key: str) -> str:
    """Give the title that a record's key names; of a work without one its info hash."""
    work = key.partition(":")[2] if kind is Kind.HISTORY else key
    return work.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Kept:
    """One profile and all its records: what an exported library is made of."""

    profile: Profile
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an import."""

    profiles: int
    """How many are new."""
    added: int
    changed: int
    """Records in whose place a newer one came."""
    kept: int
    """Records that were as new, or newer, here."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a player tells of a work."""

    position_s: float | None
    """None where somebody only says that it was watched, or was not."""
    duration_s: float | None
    credits_s: float | None = None
    """Where a chapter says that the credits begin."""
    watched: bool | None = None
    info_hash: InfoHash | None = None
    file_index: FileIndex | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Going:
    """What to go on with."""

    work: Work
    position_s: float
    duration_s: float
    follows: bool
    """Whether it is what comes after what was watched."""
    name: str
    changed_ms: int
    info_hash: InfoHash | None
    file_index: FileIndex | None
