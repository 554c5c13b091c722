"""The catalogue's shapes on the wire, as ``schemas`` has those of everything else."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from matinee.models.licences import LICENCES
from matinee.models.title import GENRES, SHELVES
from matinee.web.shape import Shape

TITLE_ID = r"^[A-Za-z0-9_]+([.-]+[A-Za-z0-9_]+)*$"
"""As the shelf has them, ``nosferatu-1922``, and as providers do: ``internet-archive.Some_item``."""
MOST_TITLES = 200
LONGEST_QUERY = 200

_Year = Annotated[int, Field(ge=1870, le=2100)]
_Minutes = Annotated[int, Field(ge=0, le=100_000)]
_Number = Annotated[int, Field(strict=True, ge=0, le=100_000)]
Standing = Literal["allowed", "not-known", "not-allowed"]
Facts = dict[str, str | int | None]


class TitlesQuery(Shape):
    """What ``/titles`` may be asked for."""

    # FastAPI checks queries by it: built late, each process warns of FastAPI's own name for it.
    model_config = ConfigDict(extra="forbid", defer_build=False)

    query: Annotated[str, Field(max_length=LONGEST_QUERY)] = ""
    kind: Literal["film", "series"] | None = None
    genre: Annotated[str, Field(json_schema_extra={"enum": list(GENRES)}, max_length=40)] | None = None
    decade: Annotated[int, Field(ge=1870, le=2100, multiple_of=10)] | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)] | None = None
    year_from: _Year | None = None
    year_to: _Year | None = None
    minutes_from: _Minutes | None = None
    minutes_to: _Minutes | None = None
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    licence: Annotated[str, Field(json_schema_extra={"enum": list(LICENCES)}, max_length=40)] | None = None
    standing: Literal["allowed", "not-known"] | None = None
    playable: Literal["true", "false"] = "false"
    children: Literal["true", "false"] = "false"
    subtitled: Literal["true", "false"] = "false"
    shelf: Annotated[str, Field(json_schema_extra={"enum": list(SHELVES)}, max_length=40)] | None = None
    sort: Literal["relevance", "title", "year", "-year", "rating", "added"] | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_TITLES)] = 24
    cursor: Annotated[str, Field(max_length=1000)] | None = None


class SearchFurther(TitlesQuery):
    """What others are asked for: they get the words and the kind; everything else is looked at here."""

    query: Annotated[str, Field(min_length=1, max_length=LONGEST_QUERY)]


class AskedProvider(Shape):
    """Who is asked."""

    id: str
    name: str
    home: str


class Providers(Shape):
    """All who are asked."""

    providers: list[AskedProvider]


class Trouble(Shape):
    """Why a provider gave nothing, or not all."""

    code: str
    message: str
    retry_after_s: float | None


class EpisodeNumber(Shape):
    """Which episode of a series."""

    season: _Number
    number: _Number


class WantedTitle(Shape):
    """What of a title is to be added; the first episode of a series when none is named."""

    episode: EpisodeNumber | None = None
    release: _Number | None = None
    trailer: bool = False
    """Its trailer, and nothing else of it."""


class TitleTorrent(Shape):
    """The torrent of a title; the film's index among its files, once their list is here."""

    info_hash: str
    file_index: int | None
    confirmed: bool
    """Whether it may be played at once: somebody has said why it may be shared, or the title's evidence does."""


class TitlePictures(Shape):
    """Where pictures of a title are found here, up to their width; null where nobody has one."""

    poster: str | None
    backdrop: str | None


class TitleCard(Shape):
    """What rows and searches show of a title."""

    id: str
    kind: Literal["film", "series"]
    title: str
    titles: dict[str, str]
    year: int
    minutes: int | None
    genres: list[str]
    directors: list[str]
    countries: list[str]
    children: bool
    poster: str | None
    pictures: TitlePictures
    homes: int
    """From how many places it is known to come."""


class Shelf(Shape):
    """A row of the home page."""

    id: str
    names: dict[str, str]
    count: int
    titles: list[TitleCard]


class Shelves(Shape):
    """The rows of the home page."""

    country: str
    shelves: list[Shelf]


class Titles(Shape):
    """A part of an answer."""

    titles: list[TitleCard]
    total: int | None
    next_cursor: str | None
    close: bool


class FiltersQuery(Shape):
    """What ``/titles/filters`` may be asked for."""

    model_config = ConfigDict(extra="forbid", defer_build=False)

    children: Literal["true", "false"] = "false"


class Filters(Shape):
    """What the titles that are shown may be narrowed by."""

    languages: list[str]
    shortest_minutes: int | None
    longest_minutes: int | None
    subtitled: bool
    """Whether there are some beside which subtitles are known to lie."""


class Answered(Shape):
    """A line of a search that goes further: a part of what a provider has."""

    provider: str
    titles: list[TitleCard]
    found: int
    """How many it gave, before what may not be shown here, or does not pass the filters, was left out."""
    kept_at: str | None
    """When it gave them, where that was before: RFC 3339, UTC."""
    trouble: Trouble | None
    last: bool


class TitleRelease(Shape):
    """One encoding of a title, or the item that holds several; one of archive, magnet and url says where."""

    index: int
    archive: str | None
    magnet: str | None
    url: str | None
    file: str | None
    note: str | None
    length_bytes: int | None
    duration_s: float | None
    width: int | None
    height: int | None
    codecs: list[str]
    subtitles: list[str]


class TitleEpisode(Shape):
    """An episode."""

    number: int
    title: str
    titles: dict[str, str]
    minutes: int | None
    synopsis: dict[str, str]
    releases: list[TitleRelease]


class TitleSeason(Shape):
    """A season."""

    number: int
    episodes: list[TitleEpisode]


class TitleRating(Shape):
    """What people thought of it."""

    value: float
    votes: int
    by: str


class SubtitlesBeside(Shape):
    """Subtitles that lie beside a film."""

    language: str
    """BCP 47."""
    machine_made: bool


class Extras(Shape):
    """What there is of a title beside the film, as far as it is known."""

    stills: list[str]
    """Where they are found here, up to their width; the one that is best alone first."""
    subtitles: list[SubtitlesBeside]
    trailer: bool
    """Whether there is one that may be shared here."""


class TitleReason(Shape):
    """Why it may be shared, or not."""

    why: str
    facts: Facts


class TitleEvidence(Shape):
    """What somebody says, where, and when it was looked at."""

    claim: str
    by: str
    source: str
    checked: str
    facts: Facts


class TitleRights(Shape):
    """Whether and why it may be shared in the user's country."""

    country: str
    standing: Standing
    basis: Literal["own-work", "licence", "public-domain"] | None
    """None when it is not known whether it may be shared."""
    licence: str | None
    reasons: list[TitleReason]
    evidence: list[TitleEvidence]


class Title(TitleCard):
    """All that is known of a title."""

    languages: list[str]
    silent: bool
    writers: list[str]
    cast: list[str]
    shelves: list[str]
    imdb: str | None
    wikidata: str | None
    synopsis: dict[str, str]
    backdrop: str | None
    rating: TitleRating | None
    source: str
    """Whose words these are: the first of ``sources``."""
    sources: list[str]
    looking: bool
    """Whether others are asked now for what it lacks; the event ``title`` tells when there is more, and at the end."""
    releases: list[TitleRelease]
    seasons: list[TitleSeason]
    rights: TitleRights


class TitleEvent(Shape):
    """The event ``title``: more is known of a title, or it is not looked for any more."""

    title_id: str


class TitleProblem(BaseModel):
    """The problem ``title-not-allowed``."""

    type: Literal["about:blank"]
    title: str
    status: int
    code: Literal["title-not-allowed"]
    detail: str
    title_id: str
    country: str
    standing: Standing
    reasons: list[TitleReason]
    evidence: list[TitleEvidence]
