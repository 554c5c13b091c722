"""The wire's shapes as pydantic models: what comes in is checked by them, what goes out is described by them.

What goes out is written by ``wire.py``; a test holds the two together.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from matinee.web.catalogue_schemas import TITLE_ID, EpisodeNumber, WantedTitle
from matinee.web.client_schemas import Client


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class RightsStatement(_Shape):
    """On which basis a torrent may be shared."""

    basis: Literal["own-work", "licence", "public-domain", "permission"]
    licence: Annotated[str, Field(max_length=200)] | None = None


class Rights(RightsStatement):
    """A statement of rights that was made."""

    licence: Annotated[str, Field(max_length=200)] | None
    stated_at: str


class AddTorrent(_Shape):
    """Exactly one of ``magnet`` and ``url``."""

    magnet: Annotated[str, Field(min_length=1, max_length=32_768)] | None = None
    url: Annotated[str, Field(min_length=1, max_length=4_096)] | None = None
    rights: RightsStatement | None = None


Limit = Annotated[int, Field(strict=True, ge=0, le=10**12)]


class ChangeTorrent(_Shape):
    """What is left out stays as it is. A limit of 0 is no limit."""

    paused: Annotated[bool, Field(strict=True)] | None = None
    sharing: Literal["archive-only", "while-watching", "keep"] | None = None
    down_limit_bytes_per_s: Limit | None = None
    up_limit_bytes_per_s: Limit | None = None


class Trouble(_Shape):
    """Why a torrent does not get on."""

    code: str
    sentence: str


class File(_Shape):
    """One file of a torrent."""

    index: int
    path: str
    length: int
    media_type: str
    stream_url: str


class Progress(_Shape):
    """How much has arrived."""

    bytes_done: int
    bytes_total: int
    fraction: float


class Rates(_Shape):
    """Payload rates over the last seconds."""

    down_bytes_per_s: int
    up_bytes_per_s: int


class Peers(_Shape):
    """How many others there are."""

    connected: int
    seeds: int
    known: int


class _Torrent(_Shape):
    info_hash: str
    name: str
    state: Literal["fetching-metadata", "checking", "downloading", "complete", "paused", "error"]
    trouble: Trouble | None
    rights: Rights | None
    sharing: Literal["archive-only", "while-watching", "keep"]
    length: int
    piece_length: int
    progress: Progress
    rates: Rates
    peers: Peers
    added_at: str
    magnet: str


class Torrent(_Torrent):
    """A torrent at one moment."""

    files: list[File]


class TorrentEvent(_Torrent):
    """The event ``torrent``: without the files where they are more than 1000 and the listener has been told them."""

    files: list[File] | None = None


class Torrents(_Shape):
    """All torrents, the newest first."""

    torrents: list[Torrent]


class PeerActivity(_Shape):
    """One peer, or a web host."""

    address: str
    client: str
    kind: Literal["peer", "web-host"]
    bytes_down: int
    bytes_up: int
    progress: float


class TrackerActivity(_Shape):
    """One tracker that was told this computer's address."""

    url: str
    state: Literal["working", "waiting", "failed"]
    message: str


class Activity(_Shape):
    """Who sees a torrent, and what was given and taken."""

    info_hash: str
    trackers: list[TrackerActivity]
    dht: bool
    lsd: bool
    pex: bool
    peers: list[PeerActivity]
    web_hosts: list[PeerActivity]
    bytes_down: int
    bytes_up: int


class Ranges(_Shape):
    """Half-open byte ranges of a file that are here."""

    length: int
    spans: list[tuple[int, int]]


class BufferEvent(Ranges):
    """The event ``buffer``: what of a file is here, and why somebody waits for more."""

    info_hash: str
    file_index: int
    waiting: str | None


class ArrivesEvent(_Shape):
    """More has come of a title's film that is fetched whole, because there is no torrent of it."""

    title_id: str
    bytes_done: int
    bytes_total: int


class GoneEvent(_Shape):
    """The event ``gone``: a torrent was removed."""

    info_hash: str


class PictureEvent(_Shape):
    """The event ``picture``: a poster or a backdrop of a title is here now."""

    title_id: str


class OpenPlayback(_Shape):
    """A file to be played, without an index the torrent's largest film; or, instead of both, a title.

    Of a series it is the first episode, when none is named.
    """

    info_hash: Annotated[str, Field(pattern=r"^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$")] | None = None
    file_index: Annotated[int, Field(strict=True, ge=0, lt=10**9)] | None = None
    title_id: Annotated[str, Field(pattern=TITLE_ID, max_length=200)] | None = None
    episode: EpisodeNumber | None = None
    release: Annotated[int, Field(strict=True, ge=0, lt=10**6)] | None = None
    client: Client
    start_s: Annotated[float, Field(strict=True, ge=0, le=1_000_000)] = 0.0

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.info_hash is None) == (self.title_id is None):
            raise ValueError("name either an info_hash or a title_id")
        if self.title_id is not None and self.file_index is not None:
            raise ValueError("a file_index belongs to an info_hash")
        if self.title_id is None and (self.episode is not None or self.release is not None):
            raise ValueError("episode and release belong to a title_id")
        return self


class PlaybackVideo(_Shape):
    """The picture, as it is in the file."""

    codec: str
    codec_string: str | None
    bit_depth: int
    width: int
    height: int
    frame_rate: float
    hdr: Literal["hdr10", "hlg", "dolby-vision"] | None


class PlaybackAudio(_Shape):
    """A sound track that may be chosen."""

    id: str
    language: str
    label: str
    channels: int
    plan: Literal["copy", "convert", "leave"]
    default: bool


class PlaybackSubtitles(_Shape):
    """Subtitles that may be chosen."""

    id: str
    language: str
    label: str
    form: Literal["text", "styled", "picture"]
    default: bool
    forced: bool
    hearing_impaired: bool
    verified: bool
    url: str | None
    styled_url: str | None


class PlaybackChapter(_Shape):
    """A named part of a film."""

    start_s: float
    stop_s: float
    title: str


class PlaybackFont(_Shape):
    """A font inside a film."""

    name: str
    url: str


class Promise(_Shape):
    """What is expected of a film before it plays."""

    starts_in_s: float
    plays: Literal["smoothly", "pauses", "converts-slowly", "not-known"]
    needs_bytes_per_s: float | None
    gets_bytes_per_s: float
    basis: Literal["here", "film", "line", "guess"]


class ChoiceReason(_Shape):
    """Why a release was chosen."""

    why: str
    facts: dict[str, str | float]


class Forecast(_Shape):
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


class Outcome(_Shape):
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


class PromiseError(_Shape):
    """How far promises were from what happened."""

    count: int
    median: float | None
    within: int
    judged: int
    right: int


class Promises(_Shape):
    """What was promised and what came of it, the newest first."""

    promises: list[Outcome]
    error: PromiseError


class Playback(_Shape):
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
    thumbnails_url: str | None
    promise: Promise | None
    offers_url: str | None


class Offer(_Shape):
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


class Offers(_Shape):
    """Subtitles that a provider has for a film, the likeliest first."""

    offers: list[Offer]


class Health(_Shape):
    """Whether the program answers."""

    status: Literal["ok", "starting"]
    version: str


class Link(_Shape):
    """The one-time secret behind ``#t=``."""

    link: str


class Problem(BaseModel):
    """RFC 9457; further members name the ids involved."""

    type: Literal["about:blank"]
    title: str
    status: int
    code: str
    detail: str
