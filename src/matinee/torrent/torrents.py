"""All torrents of an engine, found by libtorrent's handle and by each of their hashes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from weakref import WeakValueDictionary

import libtorrent as lt

from matinee.errors import TorrentNotFound
from matinee.torrent.magnet import Magnet
from matinee.torrent.metainfo import Metainfo
from matinee.torrent.torrent import Torrent
from matinee.types import InfoHash


class Torrents:
    """Which torrents are here. Everything runs on the loop's thread."""

    def __init__(self) -> None:
        self.by_handle: dict[lt.torrent_handle, Torrent] = {}
        self._by_hash: dict[str, Torrent] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """Of those hashes alone for which somebody has a turn, or waits for one."""

    @asynccontextmanager
    async def turn(self, *hashes: str | None) -> AsyncIterator[None]:
        """Take in or take out what has these hashes, and be alone with it meanwhile.

        Both take several steps: what came in the middle of a removal would lose its handle to it, and its files.
        """
        async with AsyncExitStack() as stack:
            for key in sorted({key for key in hashes if key}):
                await stack.enter_async_context(self._turns.setdefault(key, asyncio.Lock()))
            yield

    def hashes(self, torrent: Torrent) -> list[str]:
        """Give every hash by which a torrent is found; none once it has been dropped."""
        return [key for key, other in self._by_hash.items() if other is torrent]

    def put(self, torrent: Torrent, hashes: lt.info_hash_t) -> None:
        """Take a torrent in, by the hash it is kept under and those that libtorrent knows."""
        self.by_handle[torrent.handle] = torrent
        for key in {torrent.record.info_hash, *_hex_hashes(hashes)}:
            self._by_hash[key] = torrent

    def name(self, torrent: Torrent, hashes: lt.info_hash_t) -> None:
        """Find it by more hashes: its metadata has told them. Who has one of them already keeps it."""
        for key in _hex_hashes(hashes):
            self._by_hash.setdefault(key, torrent)

    def drop(self, torrent: Torrent) -> None:
        """Forget a torrent."""
        self.by_handle.pop(torrent.handle, None)
        for key in self.hashes(torrent):
            del self._by_hash[key]

    def clear(self) -> None:
        """Forget all of them."""
        self.by_handle.clear()
        self._by_hash.clear()

    def get(self, info_hash: InfoHash) -> Torrent:
        """Find a torrent by either of its hashes.

        Raises:
            TorrentNotFound: there is none.
        """
        torrent = self._by_hash.get(info_hash)
        if torrent is None:
            raise TorrentNotFound(
                "No torrent with this info hash is here. Add it first.", info_hash=info_hash
            )
        return torrent

    def here(self, source: Metainfo | Magnet) -> Torrent | None:
        """Find the torrent of a source, which may have another one of its hashes."""
        return self._by_hash.get(source.info_hash or "") or self._by_hash.get(source.info_hash_v2 or "")

    def all(self) -> list[Torrent]:
        """Give every torrent, the newest first."""
        return sorted(self.by_handle.values(), key=lambda torrent: torrent.record.added_at, reverse=True)


def _hex_hashes(hashes: lt.info_hash_t) -> list[InfoHash]:
    found = []
    if hashes.has_v1():
        found.append(InfoHash(str(hashes.v1)))
    if hashes.has_v2():
        found.append(InfoHash(str(hashes.v2)))
    return found
