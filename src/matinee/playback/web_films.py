"""Films on the web of which there is no torrent: played while they come, and made one, with the web as its first seed.

Whoever makes a torrent of the same file makes the same one: its name is the file's own, its pieces are cut by its
length alone. So all who do find each other. docs/decisions/0024 says what else there was.
"""

import asyncio
import hashlib
import logging
import shutil
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import unquote, urlsplit

from matinee.errors import (
    BadSource,
    DiskFailed,
    DiskFull,
    FileNotFound,
    MatineeError,
    TorrentRemoved,
    Unavailable,
)
from matinee.events import BufferChanged, Event, TorrentChanged, TorrentGone
from matinee.models.rights import Rights
from matinee.models.title import WebFilm
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
from matinee.names import clean_name
from matinee.outside.fetch import Fetcher
from matinee.playback.arriving import Arriving
from matinee.playback.arriving_stream import ArrivingStream
from matinee.playback.room import Endless, Room
from matinee.ports import Stream
from matinee.torrent.contents import media_type
from matinee.types import FileIndex, InfoHash

log = logging.getLogger(__name__)

T = TypeVar("T")

IDLE_S = 20.0
"""For the head of an answer, and between two chunks of it."""
TELLS_S = 0.25
RATE_S = 3.0
"""Over which the rate is taken."""
GRAIN_BYTES = 64 * 1024
"""What comes at once, as a torrent's piece does: nearly as many bytes as a chunk."""
NAME_MAX_BYTES = 200
"""Of a file without its suffix, in UTF-8."""
LONGEST_SUFFIX = 8
LONGEST_NAME = 2048
_TOLD = ("sharing", "down_limit_bytes_per_s", "up_limit_bytes_per_s", "kept")
"""Of a change, what the torrent is told that is made of the film."""


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
    def host(self) -> str:
        """Who sends it."""
        return urlsplit(self.arriving.film.url).hostname or ""

    @property
    def _file(self) -> FileEntry:
        name = self.arriving.path.name
        return FileEntry(FileIndex(0), name, self.arriving.length, 0, media_type(name))

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


Settle = Callable[[WebFilmHere], Awaitable[tuple[TorrentView, Stream]]]
"""Makes a torrent of a film that is here whole, and says how it is read from now on."""


class WebFilms:
    """Has films on the web. An async context manager; leaving it ends all that are on their way.

    Args:
        fetcher: judges every address; waits for ``IDLE_S``. None where nobody may be asked straight.
        folder: where what has arrived lies; it is begun anew with the program.
        reserve_bytes: room that is always left on the disk.
        pool: where hashing and writing run.
        tell: told what changes.
        patience_s: how long a reader waits for bytes.
        limit_bytes_per_s: the most that each takes; 0 is no limit.
    """

    def __init__(
        self,
        fetcher: Fetcher | None,
        folder: Path,
        reserve_bytes: int,
        pool: Executor,
        tell: Callable[[Event], None],
        *,
        patience_s: float = 120.0,
        limit_bytes_per_s: int = 0,
    ) -> None:
        self._fetcher = fetcher
        self._folder = folder
        self._reserve_bytes = reserve_bytes
        self._pool = pool
        self._tell = tell
        self._patience_s = patience_s
        self._limit_bytes_per_s = limit_bytes_per_s
        self._films: dict[InfoHash, WebFilmHere] = {}
        self._clean = False
        self.space: Room = Endless()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        films, self._films = list(self._films.values()), {}
        for film in films:
            await _stop(film)

    def get(self, info_hash: InfoHash) -> WebFilmHere | None:
        """Find one by what it is called here."""
        return self._films.get(info_hash)

    def all(self) -> list[WebFilmHere]:
        """Give those that are here, the newest first."""
        return list(reversed(self._films.values()))

    async def add(
        self, film: WebFilm, title: str, rights: Rights, settle: Settle
    ) -> tuple[WebFilmHere, bool]:
        """Begin to fetch a film, and wait until its host has answered; the flag is False when it was here already.

        Raises:
            BadSource: its host gives something else than a film, or nobody may be asked.
            SourceUnreachable, SourceLimited: it is away.
            DiskFull, DiskFailed: it cannot be kept.
        """
        if self._fetcher is None:
            raise BadSource(
                "This film is on the web alone, and nobody may be asked straight: there is a proxy."
            )
        info_hash = InfoHash(hashlib.sha256(b"a film on the web: " + film.url.encode()).hexdigest())
        here = self._films.get(info_hash)
        if here is not None and here.arriving.failed:
            await self.remove(here)
            here = None
        is_new = here is None
        if here is None:
            here = self._make(self._fetcher, info_hash, film, title, rights)
            self._films[info_hash] = here
            here.task = asyncio.create_task(self._bring(here, settle), name="film-on-the-web")
        await asyncio.shield(here.arriving.begun)
        return here, is_new

    def change(self, here: WebFilmHere, change: TorrentChange) -> None:
        """Pause, resume, or limit; what is to be shared, and how, its torrent is told."""
        said = {name: value for name in _TOLD if (value := getattr(change, name)) is not None}
        here.change = replace(here.change, **said)
        if here.change.down_limit_bytes_per_s is not None:
            here.arriving.limit_bytes_per_s = here.change.down_limit_bytes_per_s or self._limit_bytes_per_s
        if change.paused is not None:
            here.arriving.pause(change.paused)
        self._publish(here)

    def limit(self, bytes_per_s: int) -> None:
        """Have each take no more than this, but one that has a limit of its own; 0 is no limit."""
        self._limit_bytes_per_s = bytes_per_s
        for here in self._films.values():
            here.arriving.limit_bytes_per_s = here.change.down_limit_bytes_per_s or bytes_per_s

    async def remove(self, here: WebFilmHere) -> None:
        """Stop fetching a film, and forget it; nothing of it stays."""
        self._films.pop(here.info_hash, None)
        await _stop(here)
        self._tell(TorrentGone(here.info_hash))

    def _make(
        self, fetcher: Fetcher, info_hash: InfoHash, film: WebFilm, title: str, rights: Rights
    ) -> WebFilmHere:
        def changed() -> None:
            if here.timer is None and here.arriving.begun.done():
                here.timer = asyncio.get_running_loop().call_later(TELLS_S, self._publish, here)

        path = self._folder / info_hash[:32] / _name(film.url)
        check = partial(self._check_room, path.parent)
        arriving = Arriving(film, path, fetcher, self._pool, self._patience_s, check, changed)
        arriving.limit_bytes_per_s = self._limit_bytes_per_s
        added_at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        here = WebFilmHere(info_hash, title, rights, arriving, added_at)
        return here

    async def _bring(self, here: WebFilmHere, settle: Settle) -> None:
        """Fetch it, prove it, and make it a torrent. What is left goes when nobody reads it any more."""
        arriving, folder = here.arriving, here.arriving.path.parent
        try:
            await self._run(self._begin, arriving.path)
            self.space.lies(self._folder.name, 0)  # what an earlier run left there
            await arriving.fetch()
            here.proving = True
            self._publish(here)
            await arriving.prove()
            view, stream = await settle(here)
            here.became = view.info_hash
            arriving.settle(stream)
            self._tell(TorrentChanged(renamed(view, here)))
            log.info("A film on the web is here whole info_hash=%s", here.became)
            await arriving.left.wait()
        except MatineeError as error:
            self._failed(here, error)
        except asyncio.CancelledError:
            arriving.fail(TorrentRemoved("This film was removed while it was on its way."))
            raise
        except Exception:
            log.exception("A film on the web cannot be fetched")
            self._failed(here, Unavailable("This film cannot be fetched. The log of the program says more."))
        finally:
            await self._run(shutil.rmtree, folder, True)
            self.space.lies(f"{self._folder.name}/{folder.name}", 0)

    def _failed(self, here: WebFilmHere, error: MatineeError) -> None:
        """Say why it does not come: whoever waits for its beginning hears it, others see it."""
        log.warning("A film on the web does not come error=%s", error.message)
        here.arriving.fail(error)
        if here.arriving.begun.done():
            self._publish(here)
        else:
            self._films.pop(here.info_hash, None)
            here.arriving.begun.set_exception(error)
            here.arriving.begun.exception()  # looked at, also where nobody waits any more

    def _publish(self, here: WebFilmHere) -> None:
        if here.timer is not None:
            here.timer.cancel()
            here.timer = None
        if here.became is not None or self._films.get(here.info_hash) is not here:
            return
        arriving, now_s = here.arriving, asyncio.get_running_loop().time()
        here.looks.append((now_s, arriving.bytes_here))
        while now_s - here.looks[0][0] > RATE_S and len(here.looks) > 1:
            here.looks.popleft()
        waiting = f"{here.host} is asked for this part." if arriving.waited_for else None
        self._tell(TorrentChanged(here.view()))
        self._tell(BufferChanged(here.info_hash, FileIndex(0), arriving.ranges, waiting))

    def _begin(self, path: Path) -> None:
        """Make room for a film; what an earlier run of the program left is thrown away: nobody knows it any more."""
        if not self._clean:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._clean = True
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_bytes(b"")
        except OSError as error:
            raise DiskFailed(f"The folder where films are kept cannot be used: {error.strerror}.") from error

    async def _check_room(self, folder: Path, needed: int) -> None:
        # Twice: it is copied to where it is shared from, unless the file system lets both share.
        await self.space.make_room(2 * needed)
        self.space.lies(f"{self._folder.name}/{folder.name}", needed)
        if shutil.disk_usage(self._folder).free < 2 * needed + self._reserve_bytes:
            raise DiskFull(
                f"There is no room for the film: {needed / 1e9:.1f} GB are needed twice. Make room, or set films_dir "
                "to a larger disk."
            )

    async def _run(self, work: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)


async def _stop(here: WebFilmHere) -> None:
    if here.timer is not None:
        here.timer.cancel()
    if here.task is not None:
        here.task.cancel()
        await asyncio.gather(here.task, return_exceptions=True)
    if not here.arriving.begun.done():
        here.arriving.begun.cancel()


def _name(url: str) -> str:
    """Give the file's own name, as far as a file can be called so."""
    last = unquote(urlsplit(url).path.rpartition("/")[2])
    said = clean_name(last, "film", LONGEST_NAME).replace("/", "_").replace("\\", "_")
    stem, dot, suffix = said.lstrip(".").rpartition(".")
    if not stem or len(suffix) > LONGEST_SUFFIX:
        stem, dot, suffix = said.lstrip("."), "", ""
    return f"{stem.encode()[:NAME_MAX_BYTES].decode(errors='ignore') or 'film'}{dot}{suffix}"
