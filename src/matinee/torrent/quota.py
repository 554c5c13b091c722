"""Holds films to what they may take of the disk: has the space counted, and says so where there is none.

Who makes room, and with which films, is decided elsewhere (``playback/freeing``): what was watched the library knows.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from matinee.errors import CapReached, DiskFull, MatineeError
from matinee.models.torrent import Trouble
from matinee.torrent import measuring
from matinee.torrent.settings import EngineSettings
from matinee.torrent.space import Limit, Space
from matinee.torrent.store import TorrentStore
from matinee.torrent.torrent import Torrent

HELD = (CapReached.code, DiskFull.code)
USE_KEPT_EACH = timedelta(minutes=10)
"""When a film was last used is known to so much after a restart."""


class Quota:
    """The space of all torrents of an engine. Everything runs on the loop's thread.

    Args:
        settings: how much films may take, and how much stays free.
        folder: where films are kept.
        store: keeps when each was used.
        pool: threads that may wait for a disk.
        torrents: gives those that are here.
        begin: begins work that nobody waits for.
        changed: told of every torrent that is shown otherwise now.
    """

    def __init__(
        self,
        settings: EngineSettings,
        folder: Path,
        store: TorrentStore,
        pool: Executor,
        torrents: Callable[[], Iterable[Torrent]],
        begin: Callable[[Coroutine[Any, Any, None], str], object],
        changed: Callable[[Torrent], None],
    ) -> None:
        self.space = Space(partial(measuring.look, folder, settings.reserve_bytes), settings.disk_cap_bytes)
        self._folder = folder
        self._store = store
        self._pool = pool
        self._torrents = torrents
        self._begin = begin
        self._changed = changed

    async def measure(self) -> None:
        """Find out what lies where films are kept: once, when the program has begun."""
        self.space.measured(await self._lying_in(self._folder))

    async def measure_one(self, folder: Path) -> None:
        """Find out what lies in a torrent's folder that somebody else has filled, before it is taken in."""
        self.space.lies(folder.name, sum((await self._lying_in(folder)).values()))

    async def _lying_in(self, folder: Path) -> dict[str, int]:
        return await asyncio.get_running_loop().run_in_executor(self._pool, measuring.lying_in, folder)

    async def let_go(self) -> None:
        """Give back what was booked for pieces that were wanted once, and of which nothing came."""
        await measuring.let_go(list(self._torrents()), self._pool)

    def enter(self, torrent: Torrent) -> None:
        """Take a torrent in: it goes on by itself when there is room again."""
        torrent.on_fits = partial(self._go_on, torrent)

    def readers_changed(self, torrent: Torrent) -> None:
        """Note that somebody began or ended to read: who has gone wants nothing more, and what nobody reads may go."""
        if not torrent.files_read:
            if torrent.share is not None and torrent.film is not None and not torrent.film.lacks:
                torrent.share.forget()
            self.space.reconsider()
        now, was = datetime.now(UTC), torrent.record.used_at
        if was is None or now - datetime.fromisoformat(was) > USE_KEPT_EACH:
            used_at = now.isoformat(timespec="seconds").replace("+00:00", "Z")
            torrent.change(used_at=used_at)
            self._begin(self._store.put_use(torrent.record.info_hash, used_at), "use")

    def hold(self, reason: MatineeError) -> None:
        """Say of all torrents that have no room why nothing more comes."""
        for torrent in self._torrents():
            share, trouble = torrent.share, Trouble(reason.code, reason.message)
            if share is None or share.short is None or torrent.trouble == trouble:
                continue
            if torrent.trouble is None or torrent.trouble.code in HELD:
                torrent.trouble = trouble
                self._changed(torrent)

    def go_on(self) -> None:
        """Have all go on that were held, for there is room."""
        for torrent in self._torrents():
            if torrent.share is not None and torrent.share.short is not None:
                torrent.share.forget()
                torrent.share.touch()

    def _go_on(self, torrent: Torrent) -> None:
        if torrent.trouble is not None and torrent.trouble.code in HELD:
            torrent.trouble = None
            self._changed(torrent)


def reason(space: Space, limit: Limit) -> MatineeError:
    """Say why nothing more may come, and what to do."""
    if limit is Limit.CAP:
        return CapReached(
            f"Films may take {_size(space.cap_bytes)} of the disk, and nothing that is here may go: it plays, is kept "
            "or is shared. Let something go, or give films more; this one goes on by itself then."
        )
    return DiskFull("The disk is full. Make room; the film goes on by itself then.")


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
