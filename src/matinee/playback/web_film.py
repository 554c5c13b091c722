"""A film on the web that somebody wanted, as it is shown: like a torrent, while it comes from its host."""

import asyncio
from collections import deque
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from matinee.errors import FileNotFound
from matinee.models.rights import Rights
from matinee.models.torrent import (
    Activity,
    Fetching,
    FileEntry,
    FileState,
    Giving,
    PeerActivity,
    Peers,
    Progress,
    Rates,
    Sharing,
    State,
    Take,
    Takes,
    TorrentChange,
    TorrentView,
    Trouble,
)
from matinee.playback.arriving import Arriving
from matinee.playback.arriving_stream import ArrivingStream
from matinee.playback.web_film_kept import KeptFilm
from matinee.torrent.contents import media_type
from matinee.types import FileIndex, InfoHash

RATE_S = 3.0
"""Over which the rate is taken."""
GRAIN_BYTES = 64 * 1024
"""What comes at once, as a torrent's piece does: nearly as many bytes as a chunk."""


@dataclass(slots=True, eq=False)
class WebFilmHere:
    """A film on the web that somebody wanted."""

    info_hash: InfoHash
    """64 hex digits, of its address: no swarm knows them."""
    title: str
    rights: Rights
    arriving: Arriving
    added_at: str
    change: TorrentChange = field(default_factory=TorrentChange)
    """What its torrent is to be told."""
    proving: bool = False
    became: InfoHash | None = None
    """Its torrent, once there is one."""
    task: asyncio.Task[None] | None = None
    timer: asyncio.TimerHandle | None = None
    leaving: bool = False
    """Whether the program ends, and it is to be gone on with."""
    saved_at_s: float = 0.0
    """When it was written down last what is here: by the loop's clock."""
    saving: asyncio.Task[None] | None = None
    looks: deque[tuple[float, int]] = field(default_factory=deque)
    """When how much was here."""

    @property
    def stream(self) -> ArrivingStream:
        """What is served of it."""
        return ArrivingStream(self.arriving, self._file, f'"{self.info_hash}-0"')

    def file(self, index: FileIndex | None) -> ArrivingStream:
        """Give its only file. Raises FileNotFound for any other."""
        if index not in (None, 0):
            raise FileNotFound(f"This film has no file {index}.", info_hash=self.info_hash)
        return self.stream

    @property
    def files(self) -> tuple[FileState, ...]:
        """Its only file, and what becomes of it: all of it comes."""
        return (FileState(self._file, Take.NORMAL, self.arriving.bytes_here),)

    @property
    def readers(self) -> int:
        """How many readers of it are open."""
        return self.arriving.readers

    @property
    def host(self) -> str:
        """Who sends it."""
        return urlsplit(self.arriving.film.url).hostname or ""

    @property
    def _file(self) -> FileEntry:
        name = self.arriving.path.name
        return FileEntry(FileIndex(0), name, self.arriving.length, 0, media_type(name))

    @property
    def kept(self) -> KeptFilm | None:
        """What of it can be gone on with after a restart; None when it would have to begin anew."""
        arriving = self.arriving
        if not arriving.length or not arriving.gives_spans or arriving.failed or self.became is not None:
            return None
        kept = KeptFilm(
            info_hash=self.info_hash,
            file=arriving.path.name,
            film=arriving.film,
            title=self.title,
            rights=self.rights,
            added_at=self.added_at,
            length=arriving.length,
            tag=arriving.tag,
            spans=arriving.ranges.spans,
            taken=arriving.taken,
            paused=arriving.paused,
            change=replace(self.change, paused=None),
        )
        return kept if kept.can_go_on else None

    def view(self) -> TorrentView:
        """Show it as a torrent is shown."""
        arriving, trouble = self.arriving, self.arriving.trouble
        count = int(bool(self.rate_bytes_per_s))
        return TorrentView(
            info_hash=self.info_hash,
            name=self.title,
            state=self._state,
            trouble=None if trouble is None else Trouble(trouble.code, trouble.message),
            rights=self.rights,
            sharing=self.change.sharing or Sharing.WHILE_WATCHING,
            length=arriving.length,
            piece_length=GRAIN_BYTES,
            files=(self._file,),
            progress=Progress(arriving.bytes_here, arriving.length),
            rates=Rates(self.rate_bytes_per_s, 0),
            peers=Peers(count, count, 1),
            added_at=self.added_at,
            magnet="",
            comes_from=self.host,
            kept=bool(self.change.kept),
            fetching=Fetching.NOW,
            takes=Takes(Take.NORMAL),
            wanted=Progress(arriving.bytes_here, arriving.length),
            giving=Giving(bytes_down=arriving.bytes_here),
        )

    @property
    def _state(self) -> State:
        if self.arriving.failed:
            return State.ERROR
        if self.proving:
            return State.CHECKING
        return State.PAUSED if self.arriving.paused else State.DOWNLOADING

    def activity(self) -> Activity:
        """Say who sees it: its host, and nobody else."""
        taken = self.arriving.bytes_here
        host = PeerActivity(self.host, "", "web-host", taken, 0, 1.0)
        return Activity(self.info_hash, (), False, False, False, (), (host,), taken, 0)

    @property
    def rate_bytes_per_s(self) -> int:
        """How fast it comes."""
        if len(self.looks) < 2:
            return 0
        (began_s, before), (_, now) = self.looks[0], self.looks[-1]
        passed_s = asyncio.get_running_loop().time() - began_s
        return round((now - before) / passed_s) if 0 < passed_s < 2 * RATE_S else 0


def renamed(view: TorrentView, here: WebFilmHere) -> TorrentView:
    """Show a torrent as what it was while it came from the web, for whoever plays that."""
    return replace(view, info_hash=here.info_hash, became=view.info_hash)
