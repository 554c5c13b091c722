"""The shapes on the wire of films that are played, as ``schemas`` has those of torrents."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from matinee.web.catalogue_schemas import TITLE_ID, EpisodeNumber, WantedTitle
from matinee.web.client_schemas import Client
from matinee.web.shape import Shape


class OpenPlayback(Shape):
    """A file to be played, without an index the torrent's largest film; or, instead of both, a title.

    Of a series it is the first episode, when none is named.
    """

    info_hash: Annotated[str, Field(pattern=r"^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$")] | None = None
    file_index: Annotated[int, Field(strict=True, ge=0, lt=10**9)] | None = None
    title_id: Annotated[str, Field(pattern=TITLE_ID, max_length=200)] | None = None
    episode: EpisodeNumber | None = None
    release: Annotated[int, Field(strict=True, ge=0, lt=10**6)] | None = None
    trailer: bool = False
    client: Client
    start_s: Annotated[float, Field(strict=True, ge=0, le=1_000_000)] = 0.0

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.info_hash is None) == (self.title_id is None):
            raise ValueError("name either an info_hash or a title_id")
        if self.title_id is not None and self.file_index is not None:
            raise ValueError("a file_index belongs to an info_hash")
        if self.title_id is None and (self.episode is not None or self.release is not None or self.trailer):
            raise ValueError("episode, release and trailer belong to a title_id")
        return self


class PlaybackVideo(Shape):
    """The picture, as it is in the file."""

    codec: str
    codec_string: str | None
    bit_depth: int
    width: int
    height: int
    frame_rate: float
    hdr: Literal["hdr10", "hlg", "dolby-vision"] | None


class PlaybackAudio(Shape):
    """A sound track that may be chosen."""

    id: str
    language: str
    label: str
    channels: int
    plan: Literal["copy", "convert", "leave"]
    default: bool


class PlaybackSubtitles(Shape):
    """Subtitles that may be chosen."""

    id: str
    language: str
    label: str
    form: Literal["text", "styled", "picture"]
    default: bool
    forced: bool
    hearing_impaired: bool
    verified: bool
    host: str | None
    url: str | None
    styled_url: str | None


class PlaybackChapter(Shape):
    """A named part of a film."""

    start_s: float
    stop_s: float
    title: str


class PlaybackFont(Shape):
    """A font inside a film."""

    name: str
    url: str


class Promise(Shape):
    """What is expected of a film before it plays."""

    starts_in_s: float
    plays: Literal["smoothly", "pauses", "converts-slowly", "not-known"]
    needs_bytes_per_s: float | None
    gets_bytes_per_s: float
    basis: Literal["here", "film", "line", "guess"]


class ChoiceReason(Shape):
    """Why a release was chosen."""

    why: str
    facts: dict[str, str | float]


class Forecast(Shape):
    """What pressing Play on a title would do; without a release it plays what is here already."""

    release: int | None
    file: str | None
    promise: Promise
    reasons: list[ChoiceReason]


class AskForecast(WantedTitle):
    """What of a title would be played, and by whom."""

    client: Client


class AddTitle(WantedTitle):
    """What of a title is to be added, and who will play it; a usual browser, where nobody says."""

    client: Client | None = None


class Outcome(Shape):
    """A promise, and what happened."""

    at: str
    info_hash: str
    file_index: int
    promise: Promise
    fresh: bool
    start_s: float
    reach_s: float
    rate_bytes_per_s: float | None
    watched_s: float
    stalls: int
    stalled_s: float


class PromiseError(Shape):
    """How far promises were from what happened."""

    count: int
    median: float | None
    within: int
    judged: int
    right: int


class Promises(Shape):
    """What was promised and what came of it, the newest first."""

    promises: list[Outcome]
    error: PromiseError


class PlaybackPicture(Shape):
    """A cover that is attached to a film; ``media_type`` is what it is there, at ``url`` it is WebP."""

    name: str
    media_type: str
    url: str


class Playback(Shape):
    """A film that is being played."""

    session: str
    kind: Literal["direct", "hls"]
    url: str
    external_url: str
    way: Literal["direct", "remux", "transcode"]
    reasons: list[str]
    keeps_up: bool
    info_hash: str
    file_index: int
    duration_s: float | None
    video: PlaybackVideo | None
    audio: list[PlaybackAudio]
    subtitles: list[PlaybackSubtitles]
    chapters: list[PlaybackChapter]
    fonts: list[PlaybackFont]
    pictures: list[PlaybackPicture]
    thumbnails_url: str | None
    promise: Promise | None
    offers_url: str | None


class Offer(Shape):
    """Subtitles that a provider has for a film."""

    id: int
    language: str
    release: str
    matches: bool
    forced: bool
    hearing_impaired: bool
    machine: bool
    downloads: int
    url: str


class Offers(Shape):
    """Subtitles that a provider has for a film, the likeliest first."""

    offers: list[Offer]


class PlaybackEvent(Shape):
    """The event ``playback``: more is known of one than when it was opened. Whoever plays it asks for it again."""

    session: str
