"""What the program knows of a torrent, as values: the engine makes them, web and command line show them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from matinee.models.rights import Rights
from matinee.types import FileIndex, InfoHash, PieceIndex


class State(StrEnum):
    """What a torrent is doing, derived from the engine's alerts."""

    FETCHING_METADATA = "fetching-metadata"
    CHECKING = "checking"
    DOWNLOADING = "downloading"
    COMPLETE = "complete"
    PAUSED = "paused"
    ERROR = "error"


class Sharing(StrEnum):
    """What is given to others."""

    ARCHIVE_ONLY = "archive-only"
    """Web seeds alone: no DHT, no peers, no upload."""
    WHILE_WATCHING = "while-watching"
    """Peers are served while somebody reads, and until the film is complete."""
    KEEP = "keep"
    """Peers are served until the user says otherwise."""


class Take(StrEnum):
    """How much a file is wanted though nobody plays it."""

    NOT = "not"
    """It comes as far as it is played, and no further."""
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Fetching(StrEnum):
    """Whether anything of a torrent is fetched though nobody plays it."""

    AS_WATCHED = "as-watched"
    """No file is taken."""
    NOW = "now"
    QUEUED = "queued"
    """Others have their turn before it."""
    HERE = "here"
    """Every file that is taken is here."""


class Enough(StrEnum):
    """Why a complete torrent that was to be kept is given no longer."""

    RATIO = "ratio"
    HOURS = "hours"


class PublishStep(StrEnum):
    """What is done while the user's own film is made ready to be shared."""

    HASHING = "hashing"
    COPYING = "copying"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a torrent that a person may open."""

    index: FileIndex
    """Its index in the metainfo, padding and bookkeeping files included in the count."""
    path: str
    """Cleaned path for people, ``/`` between the parts; never used to open anything."""
    length: int
    """Bytes."""
    offset: int
    """Where the file begins in the torrent's byte space, in bytes."""
    media_type: str
    """From the file's name; ``application/octet-stream`` when unknown."""


@dataclass(frozen=True, slots=True)
class FileState:
    """A file, and what becomes of it."""

    file: FileEntry
    take: Take
    bytes_done: int
    """Of those of the file, how many are here."""


@dataclass(frozen=True, slots=True)
class Takes:
    """Which files of a torrent are taken."""

    rest: Take = Take.NOT
    """Of the files that are not named."""
    files: Mapping[FileIndex, Take] = field(default_factory=dict)

    def of(self, index: FileIndex) -> Take:
        """Say how much a file is wanted."""
        return self.files.get(index, self.rest)

    def changed(self, index: FileIndex, take: Take) -> "Takes":
        """Give these with another word for one file."""
        files = {**self.files, index: take}
        return Takes(self.rest, {one: word for one, word in files.items() if word is not self.rest})


@dataclass(frozen=True, slots=True)
class Giving:
    """What was given of a torrent, and until when more is."""

    bytes_down: int = 0
    """Payload bytes taken since the torrent was added."""
    bytes_up: int = 0
    """Payload bytes given since the torrent was added."""
    ratio: float = 0.0
    """What was given for each byte that is here, or was taken if that is more."""
    ratio_limit: float | None = None
    """At which giving ends; 0 is no limit, None goes by the settings."""
    hours_limit: float | None = None
    """Hours from when it was complete; 0 is no limit, None goes by the settings."""
    complete_since: str | None = None
    """RFC 3339, UTC; None as long as it is not complete."""
    until: str | None = None
    """When the hours end; None where no such limit holds. RFC 3339, UTC."""
    enough: Enough | None = None
    """Why it is given no longer; None while it is, or for another reason is not."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is taken and given of one torrent; 0 is no limit."""

    down_bytes_per_s: int = 0
    up_bytes_per_s: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of what is shown has arrived and been verified."""

    bytes_done: int
    bytes_total: int


@dataclass(frozen=True, slots=True)
class Rates:
    """Payload rates over the last seconds."""

    down_bytes_per_s: int
    up_bytes_per_s: int


@dataclass(frozen=True, slots=True)
class Peers:
    """How many others there are."""

    connected: int
    seeds: int
    """How many have everything: of those connected, or as a tracker tells, whichever is more."""
    known: int


@dataclass(frozen=True, slots=True)
class Homes:
    """How many others have all of a torrent, as far as was known last."""

    count: int
    seen_on: str
    """The day of that, UTC: ``YYYY-MM-DD``."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a torrent does not get on."""

    code: str
    """One of the codes of ``errors.py``, or ``waiting``."""
    sentence: str
    """What happened and what to do, for a person."""


@dataclass(frozen=True, slots=True)
class TorrentView:
    """A torrent at one moment."""

    info_hash: InfoHash
    name: str
    """Cleaned name for people."""
    state: State
    trouble: Trouble | None
    rights: Rights | None
    """None until somebody states a basis."""
    sharing: Sharing
    length: int
    """Bytes of all shown files; 0 until the metadata is here."""
    piece_length: int
    """Bytes; 0 until the metadata is here."""
    files: tuple[FileEntry, ...]
    """The shown files; empty until the metadata is here."""
    progress: Progress
    rates: Rates
    peers: Peers
    added_at: str
    """RFC 3339, UTC."""
    magnet: str
    """A magnet link rebuilt from what was parsed; empty as long as there is no torrent."""
    comes_from: str | None = None
    """The web host that alone sends it, as long as there is no torrent of it: what is shown is as that host sends it,
    and not verified."""
    became: InfoHash | None = None
    """The torrent that was made of it, which is listed besides; None for every torrent."""
    kept: bool = False
    """Whether it stays here when room is needed for others: kept for offline."""
    own: bool = False
    """Whether it is the user's own, published here; such a film stays too."""
    fetching: Fetching = Fetching.AS_WATCHED
    queue_position: int = 0
    """Its place among all torrents that are here, 0 the first."""
    takes: Takes = Takes()
    wanted: Progress = Progress(0, 0)
    """How much of the files that are taken is here, in whole pieces."""
    giving: Giving = Giving()
    limits: Limits = Limits()
    homes: Homes | None = None
    """Kept over a restart, after which nobody says anything for a while; None where it was never known."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """Which bytes of a file are here."""

    length: int
    """Bytes of the file."""
    spans: tuple[tuple[int, int], ...]
    """Half-open byte ranges that can be served at once, ascending, merged."""


@dataclass(frozen=True, slots=True)
class PeerActivity:
    """One peer that sees this computer, or a web host that serves it."""

    address: str
    client: str
    kind: str
    """``peer`` or ``web-host``."""
    bytes_down: int
    bytes_up: int
    progress: float
    """The part of the torrent it says it has, 0 to 1."""


@dataclass(frozen=True, slots=True)
class TrackerActivity:
    """One tracker that was told this computer's address."""

    url: str
    """Without passkey or query."""
    state: str
    """``working``, ``waiting`` or ``failed``."""
    message: str


@dataclass(frozen=True, slots=True)
class Activity:
    """Who sees this torrent here, and what was given and taken."""

    info_hash: InfoHash
    trackers: tuple[TrackerActivity, ...]
    dht: bool
    """Whether the DHT is told of this torrent."""
    lsd: bool
    """Whether the local network is told."""
    pex: bool
    """Whether peers tell each other of us."""
    peers: tuple[PeerActivity, ...]
    web_hosts: tuple[PeerActivity, ...]
    bytes_down: int
    """Payload bytes taken since the torrent was added."""
    bytes_up: int
    """Payload bytes given since the torrent was added."""
    active: bool = True
    """Whether it takes part in its swarm now: what a film at rest was, nobody sees."""


@dataclass(frozen=True, slots=True)
class TorrentChange:
    """What a PATCH asks for; None leaves as it is."""

    paused: bool | None = None
    sharing: Sharing | None = None
    down_limit_bytes_per_s: int | None = None
    """0 is no limit."""
    up_limit_bytes_per_s: int | None = None
    """0 is no limit."""
    kept: bool | None = None
    """Keep it for offline."""
    own: bool | None = None
    """Said by whoever publishes it, never by a PATCH."""
    take: Take | None = None
    """Of every file."""
    queue_position: int | None = None
    """0 is the first; what lies behind the last is the last."""
    give_ratio_limit: float | None = None
    """0 is no limit, ``AS_SET`` goes by the settings."""
    give_hours_limit: float | None = None
    """0 is no limit, ``AS_SET`` goes by the settings."""


AS_SET = -1.0
"""A limit of a torrent that is none of its own."""


@dataclass(frozen=True, slots=True)
class PieceSpan:
    """Half-open range of pieces."""

    start: PieceIndex
    stop: PieceIndex
