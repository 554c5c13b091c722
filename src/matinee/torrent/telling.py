"""Tells the page what changed: not too often, and only while somebody listens."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import Executor

import libtorrent as lt

from matinee.allocator import Tidy
from matinee.events import BufferChanged, Bus, TorrentChanged, TorrentGone
from matinee.torrent.torrent import Torrent
from matinee.types import InfoHash

TELL_EACH_S = 0.25
"""At most so often is the same torrent's news told."""
HEARTBEAT_S = 1.0
"""libtorrent gives rates and peers only when asked; asked while somebody looks or reads."""


class Teller:
    """The news of all torrents. Everything runs on the loop's thread, but what ``pool`` tidies up."""

    def __init__(
        self, bus: Bus, session: lt.session, torrents: Mapping[lt.torrent_handle, Torrent], pool: Executor
    ) -> None:
        self._bus = bus
        self._session = session
        self._torrents = torrents
        self._telling: dict[InfoHash, asyncio.TimerHandle] = {}
        self._heartbeat: asyncio.TimerHandle | None = None
        self._listening = False
        self._tidy = Tidy(pool)
        bus.on_listening(self._on_listening)

    def changed(self, torrent: Torrent) -> None:
        """Tell the page soon, if anybody listens."""
        info_hash = torrent.record.info_hash
        if self._listening and info_hash not in self._telling:
            loop = asyncio.get_running_loop()
            self._telling[info_hash] = loop.call_later(TELL_EACH_S, self._tell, torrent)

    def beat(self) -> None:
        """Ask for news each second while anybody listens or reads."""
        if (self._listening or self._is_read) and self._heartbeat is None:
            self._session.post_torrent_updates(0)
            self._heartbeat = asyncio.get_running_loop().call_later(HEARTBEAT_S, self._next_beat)

    def readers_changed(self) -> None:
        """Note that somebody has begun or ended to read."""
        self._tidy.note(reading=self._is_read)
        self.beat()

    def gone(self, info_hash: InfoHash) -> None:
        """Tell that a torrent is removed; whoever read it does so no more."""
        self._bus.publish(TorrentGone(info_hash))
        self.readers_changed()

    def close(self) -> None:
        """Tell nothing any more."""
        self._tidy.close()
        for timer in (*self._telling.values(), *([self._heartbeat] if self._heartbeat else [])):
            timer.cancel()

    @property
    def _is_read(self) -> bool:
        return any(torrent.files_read for torrent in self._torrents.values())

    def _on_listening(self, listening: bool) -> None:
        self._listening = listening
        self.beat()

    def _next_beat(self) -> None:
        self._heartbeat = None
        self.beat()

    def _tell(self, torrent: Torrent) -> None:
        self._telling.pop(torrent.record.info_hash, None)
        if torrent.handle not in self._torrents:
            return
        self._bus.publish(TorrentChanged(torrent.view()))
        for index in torrent.files_read:
            waiting = torrent.why_waiting() if torrent.film and torrent.film.steering.waiting else None
            self._bus.publish(BufferChanged(torrent.record.info_hash, index, torrent.ranges(index), waiting))
