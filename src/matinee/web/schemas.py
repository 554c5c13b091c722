"""The wire's shapes as pydantic models: what comes in is checked by them, what goes out is described by them.

What goes out is written by ``wire.py``; a test holds the two together.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from matinee.web.shape import Shape


class RightsStatement(Shape):
    """On which basis a torrent may be shared."""

    basis: Literal["own-work", "licence", "public-domain", "permission"]
    licence: Annotated[str, Field(max_length=200)] | None = None


class Rights(RightsStatement):
    """A statement of rights that was made."""

    licence: Annotated[str, Field(max_length=200)] | None
    stated_at: str


class AddTorrent(Shape):
    """Exactly one of ``magnet`` and ``url``."""

    magnet: Annotated[str, Field(min_length=1, max_length=32_768)] | None = None
    url: Annotated[str, Field(min_length=1, max_length=4_096)] | None = None
    rights: RightsStatement | None = None


TakeWord = Literal["not", "low", "normal", "high"]
GiveLimit = Annotated[float, Field(strict=True, ge=0, le=100_000, allow_inf_nan=False)]
Limit = Annotated[int, Field(strict=True, ge=0, le=10**12)]


class ChangeTorrent(Shape):
    """What is left out stays as it is. A limit of 0 is no limit; what is kept never makes room for other films."""

    paused: Annotated[bool, Field(strict=True)] | None = None
    sharing: Literal["archive-only", "while-watching", "keep"] | None = None
    down_limit_bytes_per_s: Limit | None = None
    up_limit_bytes_per_s: Limit | None = None
    kept: Annotated[bool, Field(strict=True)] | None = None

    take: TakeWord | None = Field(
        None, description="Of every file: whether it is fetched though nobody plays it."
    )
    queue_position: Annotated[int, Field(strict=True, ge=0, le=10**6)] | None = Field(
        None, description="Where it stands among all torrents, 0 the first."
    )
    give_ratio_limit: GiveLimit | None = Field(None, description="0 is no limit; null goes by the settings.")
    give_hours_limit: GiveLimit | None = Field(None, description="0 is no limit; null goes by the settings.")


class ChangeFile(Shape):
    """Whether a file is fetched though nobody plays it."""

    take: TakeWord


class Trouble(Shape):
    """Why a torrent does not get on."""

    code: str
    sentence: str


class File(Shape):
    """One file of a torrent."""

    index: int
    path: str
    length: int
    media_type: str
    stream_url: str


class Progress(Shape):
    """How much has arrived."""

    bytes_done: int
    bytes_total: int
    fraction: float


class Rates(Shape):
    """Payload rates over the last seconds."""

    down_bytes_per_s: int
    up_bytes_per_s: int


class Peers(Shape):
    """How many others there are."""

    connected: int
    seeds: int
    known: int


class Homes(Shape):
    """How many others have all of a torrent, as far as was known last."""

    count: int
    seen_on: str = Field(description="The day of that, UTC.")


class Takes(Shape):
    """Which files are fetched though nobody plays them."""

    rest: TakeWord = Field(description="Of the files that are not named.")
    files: dict[str, TakeWord] = Field(description="By index.")


class Giving(Shape):
    """What was given of a torrent, and until when more is."""

    bytes_down: int
    bytes_up: int
    ratio: float = Field(
        description="What was given for each byte that is here, or was taken if that is more."
    )
    ratio_limit: float | None = Field(description="Its own; 0 is no limit, null goes by the settings.")
    hours_limit: float | None = Field(description="Its own; 0 is no limit, null goes by the settings.")
    complete_since: str | None
    until: str | None = Field(description="When its hours end.")
    enough: Literal["ratio", "hours"] | None = Field(description="Why it is given no longer.")


class TorrentLimits(Shape):
    """The most that is taken and given of one torrent; 0 is no limit."""

    down_bytes_per_s: int
    up_bytes_per_s: int


class Wanted(Shape):
    """How much of the files that are taken is here, in whole pieces."""

    bytes_done: int
    bytes_total: int


class _Torrent(Shape):
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
    comes_from: str | None = Field(
        description="The web host that alone sends it; not verified as long as this is set."
    )
    became: str | None = Field(description="The torrent that was made of it, which is listed besides.")
    kept: bool = Field(description="Kept for offline: it stays when room is needed for others.")
    own: bool = Field(description="The user's own, published here; such a film stays too.")
    fetching: Literal["as-watched", "now", "queued", "here"] = Field(
        description="Whether files that are taken are fetched though nobody plays them."
    )
    queue_position: int
    takes: Takes
    wanted: Wanted
    giving: Giving
    limits: TorrentLimits
    homes: Homes | None = Field(
        description="Kept over a restart, after which nobody tells for a while; null where it was never known."
    )


class Torrent(_Torrent):
    """A torrent at one moment."""

    files: list[File]


class TorrentEvent(_Torrent):
    """The event ``torrent``: without the files where they are more than 1000 and the listener has been told them."""

    files: list[File] | None = None


class Torrents(Shape):
    """All torrents, the newest first."""

    torrents: list[Torrent]


class FileState(Shape):
    """A file, and what becomes of it."""

    index: int
    path: str
    length: int
    media_type: str
    take: TakeWord
    bytes_done: int


class FileStates(Shape):
    """Some of a torrent's files, and how many there are."""

    files: list[FileState]
    total: int


class LimitsNow(Shape):
    """The most that all torrents together take and give now; 0 is no limit."""

    down_bytes_per_s: int
    up_bytes_per_s: int
    quiet: bool = Field(description="Whether they are those of the quiet hours.")
    until: str | None = Field(description="When others may hold; null where these always do.")


class PeerActivity(Shape):
    """One peer, or a web host."""

    address: str
    client: str
    kind: Literal["peer", "web-host"]
    bytes_down: int
    bytes_up: int
    progress: float


class TrackerActivity(Shape):
    """One tracker that was told this computer's address."""

    url: str
    state: Literal["working", "waiting", "failed"]
    message: str


class Activity(Shape):
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
    active: bool


class Ranges(Shape):
    """Half-open byte ranges of a file that are here."""

    length: int
    spans: list[tuple[int, int]]


class BufferEvent(Ranges):
    """The event ``buffer``: what of a file is here, and why somebody waits for more."""

    info_hash: str
    file_index: int
    waiting: str | None


class GoneEvent(Shape):
    """The event ``gone``: a torrent was removed."""

    info_hash: str


class PictureEvent(Shape):
    """The event ``picture``: a poster or a backdrop of a title is here now."""

    title_id: str


class Health(Shape):
    """Whether the program answers."""

    status: Literal["ok", "starting"]
    version: str


class Link(Shape):
    """The one-time secret behind ``#t=``."""

    link: str


class Problem(BaseModel):
    """RFC 9457; further members name the ids involved."""

    type: Literal["about:blank"]
    title: str
    status: int
    code: str
    detail: str
