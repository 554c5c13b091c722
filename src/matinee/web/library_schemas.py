"""The shapes of what is remembered, as ``schemas`` has those of everything else."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from matinee.library.records import (
    LOOK_CHARS,
    MOST_DELAY_S,
    MOST_SECONDS,
    PROFILE_CHARS,
    SERIES_CHARS,
)
from matinee.models.library import COLOURS
from matinee.web.catalogue_schemas import EpisodeNumber, TitleCard
from matinee.web.shape import Shape

Seconds = Annotated[float, Field(ge=0, le=MOST_SECONDS, allow_inf_nan=False)]
Colour = Literal["amber", "rose", "plum", "sea", "leaf", "sky", "brick", "slate"]
assert Colour.__args__ == COLOURS  # type: ignore[attr-defined]  # noqa: S101 - mypy reads a Literal only when it is spelled out
ProfileName = Annotated[str, Field(min_length=1, max_length=4 * PROFILE_CHARS)]


def _plain(text: str) -> str:
    if not text.isprintable():
        raise ValueError("it has characters that cannot be printed")
    return text


Digits = Annotated[str, Field(max_length=64)]
Language = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{0,40}$")]


class Profile(Shape):
    """Somebody for whom things are remembered; the name of the first one is empty until somebody gives it one."""

    id: str
    name: str
    colour: Colour
    child: bool
    keeps_history: bool
    created_ms: int


class Profiles(Shape):
    """All profiles, the first one first; ``locked`` when a number keeps children in theirs."""

    profiles: list[Profile]
    locked: bool


class AddProfile(Shape):
    """A new profile."""

    name: ProfileName
    colour: Colour = "amber"
    child: Annotated[bool, Field(strict=True)] = False


class ChangeProfile(Shape):
    """What is left out stays as it is; a profile that keeps no history any more has none at once."""

    name: ProfileName | None = None
    colour: Colour | None = None
    child: Annotated[bool, Field(strict=True)] | None = None
    keeps_history: Annotated[bool, Field(strict=True)] | None = None


class SetLock(Shape):
    """A number of 4 to 8 digits, or null for none; ``old`` is the one there was."""

    number: Digits | None
    old: Digits | None = None


class OpenLock(Shape):
    """The number."""

    number: Digits


class _Work(Shape):
    key: str
    title: str
    season: int | None
    number: int | None
    file: int | None


class WorkProgress(_Work):
    """Where a work was left, and where one goes on: 0 when it had hardly begun or was over."""

    position_s: float
    duration_s: float
    watched: bool
    info_hash: str | None
    file_index: int | None
    name: str
    changed_ms: int
    resume_s: float


class Viewing(_Work):
    """That a work was watched one evening."""

    day: str
    position_s: float
    duration_s: float
    watched: bool
    name: str
    changed_ms: int


class ViewingOfTitle(Viewing):
    """A viewing, with what a wall shows of its title."""

    card: TitleCard | None


class Wish(Shape):
    """A title that somebody wants to see."""

    key: str
    title: str
    name: str
    changed_ms: int


class WishForTitle(Wish):
    """A wish, with what a wall shows of its title; null where that is not shown here any more."""

    card: TitleCard | None


class Rating(Shape):
    """What somebody thought of a title."""

    key: str
    title: str
    thumb: Literal["up", "down"]
    name: str
    changed_ms: int


class RatingOfTitle(Rating):
    """A rating, with what a wall shows of its title."""

    card: TitleCard | None


class ChangeTaste(Shape):
    """How a series, or one film, is to be played; what is left out stays, null is as if nothing had been chosen."""

    series: Annotated[str, Field(min_length=1, max_length=SERIES_CHARS), AfterValidator(_plain)]
    subtitles: Language | None = None
    second: Language | None = None
    audio: Language | None = None
    look: Annotated[str, Field(min_length=1, max_length=LOOK_CHARS), AfterValidator(_plain)] | None = None
    delay_s: Annotated[float, Field(ge=-MOST_DELAY_S, le=MOST_DELAY_S, allow_inf_nan=False)] | None = None
    stretch: Annotated[float, Field(ge=0.1, le=10, allow_inf_nan=False)] | None = None


class Taste(ChangeTaste):
    """How a series, or one film, is to be played."""

    key: str
    changed_ms: int


class See(Shape):
    """Where somebody is in a title, or that it was watched or was not; of a series with its episode, of a torrent's
    info hash with its file."""

    position_s: Seconds | None = None
    duration_s: Seconds | None = None
    credits_s: Seconds | None = None
    watched: Annotated[bool, Field(strict=True)] | None = None
    episode: EpisodeNumber | None = None
    file_index: Annotated[int, Field(strict=True, ge=0, lt=10**9)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.position_s is None and self.watched is None:
            raise ValueError("say a position_s, or whether it was watched")
        if self.episode is not None and self.file_index is not None:
            raise ValueError("episode belongs to a title, file_index to an info hash")
        return self


class Rate(Shape):
    """A thumb, up or down."""

    thumb: Literal["up", "down"]


class Going(_Work):
    """What to go on with; ``follows`` when it comes after what was watched. With the file, where it is here."""

    position_s: float
    duration_s: float
    follows: bool
    name: str
    changed_ms: int
    info_hash: str | None
    file_index: int | None
    card: TitleCard | None


class GoingOn(Shape):
    """What to go on with, the last first."""

    going_on: list[Going]


class ProgressList(Shape):
    """Where works were left, the last first."""

    progress: list[WorkProgress]


class Watchlist(Shape):
    """What somebody wants to see, the newest wish first."""

    watchlist: list[WishForTitle]


class Ratings(Shape):
    """What somebody thought, the newest first."""

    ratings: list[RatingOfTitle]


class History(Shape):
    """What was watched, the last first; the rest is asked for with ``before``."""

    history: list[ViewingOfTitle]
    before: int | None


class Library(Shape):
    """What a page remembers of one profile while it is open."""

    profile: str
    progress: list[WorkProgress]
    watchlist: list[Wish]
    rating: list[Rating]
    taste: list[Taste]


class LibraryEvent(Shape):
    """The event ``library``: what is remembered of a profile has changed.

    ``kind`` is progress, history, watchlist, rating or taste; ``profiles`` when those themselves have changed, and
    ``*`` when all of a profile has to be read anew. ``record`` is null when it was forgotten, and then ``key`` may be
    ``*``.
    """

    profile: str
    kind: Literal["progress", "history", "watchlist", "rating", "taste", "profiles", "*"]
    key: str
    record: WorkProgress | Viewing | Wish | Rating | Taste | None


class Taken(Shape):
    """What came of an import."""

    profiles: int
    added: int
    changed: int
    kept: int


class LibraryFile(BaseModel):
    """An exported library: every profile with all its records, as this program writes them."""

    model_config = ConfigDict(extra="allow")
    format: Literal["matinee-library"]
    version: Literal[1]
