"""Films on the web of which there is no torrent: played while they come, and made one, with the web as its first seed.

Whoever makes a torrent of the same file makes the same one: its name is the file's own, its pieces are cut by its
length alone. So all who do find each other. docs/decisions/0024 says what else there was.
"""

import asyncio
import hashlib
import logging
import shutil
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import unquote, urlsplit

from matinee.errors import (
    BadSource,
    DiskFailed,
    DiskFull,
    MatineeError,
    TorrentRemoved,
    Unavailable,
)
from matinee.events import BufferChanged, Event, TorrentChanged, TorrentGone
from matinee.models.rights import Rights
from matinee.models.title import WebFilm
from matinee.models.torrent import TorrentChange, TorrentView
from matinee.names import clean_name
from matinee.outside.fetch import Fetcher
from matinee.playback.arriving import Arriving
from matinee.playback.room import Endless, Room
from matinee.playback.web_film import RATE_S, WebFilmHere, renamed
from matinee.playback.web_film_kept import FOLDER_LETTERS, KeptFilm, drop, keep, read_all
from matinee.playback.web_ledger import WebLedger
from matinee.ports import Stream
from matinee.storage.receipts import ReceiptStore
from matinee.types import FileIndex, InfoHash

log = logging.getLogger(__name__)

T = TypeVar("T")

IDLE_S = 20.0
"""For the head of an answer, and between two chunks of it."""
TELLS_S = 0.25
SAVE_EACH_S = 10.0
"""A kill costs a film on its way at most what came in that time."""
NAME_MAX_BYTES = 200
"""Of a file without its suffix, in UTF-8."""
LONGEST_SUFFIX = 8
LONGEST_NAME = 2048
_TOLD = ("sharing", "down_limit_bytes_per_s", "up_limit_bytes_per_s", "kept")
"""Of a change, what the torrent is told that is made of the film."""


Settle = Callable[[WebFilmHere], Awaitable[tuple[TorrentView, Stream]]]
"""Makes a torrent of a film that is here whole, and says how it is read from now on."""


class WebFilms:
    """Has films on the web. An async context manager; leaving it ends all that are on their way.

    Args:
        fetcher: judges every address; waits for ``IDLE_S``. None where nobody may be asked straight.
        folder: where what has arrived lies.
        reserve_bytes: room that is always left on the disk.
        pool: where hashing and writing run.
        tell: told what changes.
        patience_s: how long a reader waits for bytes.
        limit_bytes_per_s: the most that each takes; 0 is no limit.
        receipts: where it is put down what is taken from their hosts.
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
        receipts: ReceiptStore | None = None,
    ) -> None:
        self._fetcher = fetcher
        self._folder = folder
        self._reserve_bytes = reserve_bytes
        self._pool = pool
        self._tell = tell
        self._patience_s = patience_s
        self._limit_bytes_per_s = limit_bytes_per_s
        self._films: dict[InfoHash, WebFilmHere] = {}
        self._ledger = WebLedger(receipts)
        self._adding = asyncio.Lock()
        self.space: Room = Endless()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        films, self._films = list(self._films.values()), {}
        for film in films:
            film.leaving = True
            await _stop(film)

    async def restore(self, settle: Settle) -> None:
        """Go on with what was on its way when the program ended; what cannot be gone on with is removed.

        Where nobody may be asked straight all of it stays as it lies.
        """
        if self._fetcher is None:
            return
        async with self._adding:
            try:
                found = await self._run(read_all, self._folder, frozenset(self._films))
            except OSError as error:
                log.warning("Films that were on their way cannot be read error=%s", error.strerror)
                return
            for kept in found:
                here = self._make(self._fetcher, kept.info_hash, kept.film, kept.title, kept.rights, kept)
                self._start(here, settle, anew=False)
                self._publish(here)
                log.info("A film on the web is gone on with info_hash=%s", kept.info_hash)

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
        async with self._adding:
            here = self._films.get(info_hash)
            if here is not None and here.arriving.failed:
                await self.remove(here)
                here = None
            is_new = here is None
            if here is None:
                here = self._make(self._fetcher, info_hash, film, title, rights)
                self._start(here, settle, anew=True)
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
        self._save_soon(here)

    def limit(self, bytes_per_s: int) -> None:
        """Have each take no more than this, but one that has a limit of its own; 0 is no limit."""
        self._limit_bytes_per_s = bytes_per_s
        for here in self._films.values():
            here.arriving.limit_bytes_per_s = here.change.down_limit_bytes_per_s or bytes_per_s

    async def remove(self, here: WebFilmHere) -> None:
        """Stop fetching a film, and forget it; nothing of it stays."""
        self._films.pop(here.info_hash, None)
        await _stop(here)
        await self._let_go(here, None)  # its work may not even have begun
        self._tell(TorrentGone(here.info_hash))

    def _start(self, here: WebFilmHere, settle: Settle, *, anew: bool) -> None:
        self._films[here.info_hash] = here
        here.task = asyncio.create_task(self._bring(here, settle, anew=anew), name="film-on-the-web")

    def _make(
        self,
        fetcher: Fetcher,
        info_hash: InfoHash,
        film: WebFilm,
        title: str,
        rights: Rights,
        kept: KeptFilm | None = None,
    ) -> WebFilmHere:
        def changed() -> None:
            if here.timer is None and here.arriving.begun.done():
                here.timer = asyncio.get_running_loop().call_later(TELLS_S, self._publish, here)

        async def on_length(needed: int) -> None:
            await self._check_room(path.parent, needed)
            await self._ledger.began(info_hash, title, here.added_at, rights)

        path = self._folder / info_hash[:FOLDER_LETTERS] / (_name(film.url) if kept is None else kept.file)
        came, tag = (None, None) if kept is None else (kept.came, kept.tag)
        arriving = Arriving(film, path, fetcher, self._pool, self._patience_s, on_length, changed, came, tag)
        added_at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        here = WebFilmHere(info_hash, title, rights, arriving, added_at)
        if kept is not None:
            here.added_at, here.change, arriving.taken = kept.added_at, kept.change, kept.taken
            arriving.pause(kept.paused)
        arriving.limit_bytes_per_s = here.change.down_limit_bytes_per_s or self._limit_bytes_per_s
        return here

    async def _bring(self, here: WebFilmHere, settle: Settle, *, anew: bool) -> None:
        """Fetch it, prove it, and make it a torrent. What is left goes when nobody reads it any more."""
        arriving, stays = here.arriving, None
        try:
            if anew:
                await self._run(self._begin, here)
            self.space.lies(self._folder.name, 0)  # what lies there is counted by film
            if not anew:
                self.space.lies(_share(self._folder, here), arriving.length)
                await self._ledger.began(here.info_hash, here.title, here.added_at, here.rights)
            await arriving.fetch()
            here.proving = True
            self._publish(here)
            await arriving.prove()
            view, stream = await settle(here)
            await self._ledger.moved(here.info_hash, arriving.taken)
            await self._ledger.became(here.info_hash, view.info_hash)
            here.became = view.info_hash
            arriving.settle(stream)
            self._tell(TorrentChanged(renamed(view, here)))
            log.info("A film on the web is here whole info_hash=%s", here.became)
            await arriving.left.wait()
        except MatineeError as error:
            self._failed(here, error)
        except asyncio.CancelledError:
            stays = here.kept if here.leaving else None
            arriving.fail(TorrentRemoved("This film was removed while it was on its way."))
            raise
        except Exception:
            log.exception("A film on the web cannot be fetched")
            self._failed(here, Unavailable("This film cannot be fetched. The log of the program says more."))
        finally:
            try:
                await self._let_go(here, stays)
            finally:
                self._refuse_if_never_begun(here)

    def _refuse_if_never_begun(self, here: WebFilmHere) -> None:
        """Tell whoever waits for a film's beginning why there is none.

        Only now: nothing of it is left, and whoever tries again at once begins in a place that is empty.
        """
        error = here.arriving.trouble
        if error is not None and not here.arriving.begun.done():
            self._films.pop(here.info_hash, None)
            here.arriving.begun.set_exception(error)
            here.arriving.begun.exception()  # looked at, also where nobody waits any more

    async def _let_go(self, here: WebFilmHere, stays: KeptFilm | None) -> None:
        """End with a film: what it has taken is put down, and what is here of it stays for the next run, or goes."""
        if here.saving is not None:
            await asyncio.wait([here.saving])
        if stays is not None:
            await self._save(here, stays)
            return
        if here.became is None:
            await self._ledger.moved(here.info_hash, here.arriving.taken)
            await self._ledger.ended(here.info_hash)
        await self._run(drop, self._folder, here.info_hash)
        self.space.lies(_share(self._folder, here), 0)

    def _save_soon(self, here: WebFilmHere) -> None:
        """Write down what is here of a film, unless that was done a moment ago or is being done."""
        now_s, kept = asyncio.get_running_loop().time(), here.kept
        if (
            here.saving is None
            and now_s - here.saved_at_s >= SAVE_EACH_S
            and kept is not None
            and not here.proving
        ):
            here.saved_at_s = now_s
            here.saving = asyncio.create_task(self._save(here, kept), name="film-on-the-web-saved")
            here.saving.add_done_callback(lambda _: setattr(here, "saving", None))

    async def _save(self, here: WebFilmHere, kept: KeptFilm) -> None:
        try:
            await self._run(keep, self._folder, kept)
        except OSError as error:
            # It goes on as it is; after a restart it would begin where it was written down last.
            log.warning("What is here of a film cannot be written down error=%s", error.strerror)
        await self._ledger.moved(here.info_hash, kept.taken)

    def _failed(self, here: WebFilmHere, error: MatineeError) -> None:
        """Say why it does not come."""
        log.warning("A film on the web does not come error=%s", error.message)
        here.arriving.fail(error)
        if here.arriving.begun.done():
            self._publish(here)

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
        self._save_soon(here)
        waiting = f"{here.host} is asked for this part." if arriving.waited_for else None
        self._tell(TorrentChanged(here.view()))
        self._tell(BufferChanged(here.info_hash, FileIndex(0), arriving.ranges, waiting))

    def _begin(self, here: WebFilmHere) -> None:
        """Make a place for a film, in which nothing of it lies."""
        path = here.arriving.path
        drop(self._folder, here.info_hash)
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
        if not here.arriving.failed:  # else it ends by itself, and what it deletes is gone then
            here.task.cancel()
        await asyncio.gather(here.task, return_exceptions=True)
    if not here.arriving.begun.done():
        here.arriving.begun.cancel()


def _share(folder: Path, here: WebFilmHere) -> str:
    """Name a film's share of the disk."""
    return f"{folder.name}/{here.arriving.path.parent.name}"


def _name(url: str) -> str:
    """Give the file's own name, as far as a file can be called so."""
    last = unquote(urlsplit(url).path.rpartition("/")[2])
    said = clean_name(last, "film", LONGEST_NAME).replace("/", "_").replace("\\", "_")
    stem, dot, suffix = said.lstrip(".").rpartition(".")
    if not stem or len(suffix) > LONGEST_SUFFIX:
        stem, dot, suffix = said.lstrip("."), "", ""
    return f"{stem.encode()[:NAME_MAX_BYTES].decode(errors='ignore') or 'film'}{dot}{suffix}"
