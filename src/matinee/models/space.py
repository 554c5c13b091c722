"""What films take of the disk, and which of them make room for others, as values."""

from dataclasses import dataclass
from enum import StrEnum

from matinee.types import InfoHash, TitleId


class Standing(StrEnum):
    """Whether a film may make room for others, and why; in the order in which they go."""

    WATCHED = "watched"
    UNWATCHED = "unwatched"
    PLAYING = "playing"
    """Somebody plays it, has it open, or reads of it: it stays for now. All below stay for good."""
    GIVEN = "given"
    """It is shared until its user says otherwise."""
    KEPT = "kept"
    """It is kept for offline."""
    OWN = "own"
    """It is the user's own, published here."""

    @property
    def goes(self) -> bool:
        """Whether a film of which this is said may make room."""
        return self in (Standing.WATCHED, Standing.UNWATCHED)


@dataclass(frozen=True, slots=True)
class FilmHere:
    """What decides whether a film makes room, and when."""

    info_hash: InfoHash
    name: str
    taken_bytes: int
    """Of the disk."""
    used_at: str
    """When it was last watched, or else read, or else added; RFC 3339, UTC."""
    watched: bool = False
    """Whether somebody has watched all of it, and nobody is in the middle of it."""
    playing: bool = False
    given: bool = False
    kept: bool = False
    own: bool = False
    title_id: TitleId | None = None
    """For which title it is here, where that is known."""


@dataclass(frozen=True, slots=True)
class FilmSpace:
    """A film, what it takes, and whether it may make room."""

    info_hash: InfoHash
    name: str
    taken_bytes: int
    standing: Standing
    used_at: str
    kept: bool
    title_id: TitleId | None = None


@dataclass(frozen=True, slots=True)
class Freed:
    """A film that went to make room."""

    info_hash: InfoHash
    name: str
    title_id: TitleId | None
    """For which title it was here, where that is known."""
    freed_bytes: int
    standing: Standing
    """As it was then."""
    magnet: str
    """Brings it back; empty where there is none."""
    freed_at: str
    """RFC 3339, UTC."""


@dataclass(frozen=True, slots=True)
class SpaceView:
    """The disk as films see it."""

    cap_bytes: int
    """The most that films may take; 0 is no cap."""
    used_bytes: int
    """What films take."""
    other_bytes: int
    """What of it belongs to nothing that is listed."""
    free_bytes: int
    """On the disk."""
    floor_bytes: int
    """So much stays free on the disk."""
    held: str | None
    """The code of the trouble for which fetching waits; None while it does not."""
    films: tuple[FilmSpace, ...]
    """Those that take anything: first those that may go, in their order, then those that stay, the largest first."""
    freed: tuple[Freed, ...]
    """The last 20, the last first."""
