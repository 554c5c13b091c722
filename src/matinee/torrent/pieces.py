"""Gives verified bytes of pieces that are here, and tells when a piece arrives.

Where the bytes come from: a young piece from libtorrent (``read_piece``), kept for a while in a cache that all
readers share; from its files one that was flushed and verified, or that has the right hash there. A piece that an
earlier run claims is hashed on its first read, because libtorrent does not verify what it reads for us; so is
every piece of a film that has become complete, so that whatever somebody else does to its file later shows in the
file's stamp (docs/decisions/0004-bytes.md).
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any

import libtorrent as lt

from matinee.errors import DiskFailed
from matinee.torrent.disk import Disk, Stamp
from matinee.torrent.hashes import PieceHashes
from matinee.torrent.layout import Layout
from matinee.torrent.mends import Mends
from matinee.torrent.piece_cache import PieceCache
from matinee.types import InfoHash, PieceIndex

log = logging.getLogger(__name__)

EARLY_BYTES = 32 * 1024 * 1024
"""Of one torrent: pieces that we have proved and that libtorrent has not asked for yet."""
HAND_OVER_BYTES = EARLY_BYTES // 2
"""Above this libtorrent does not come after us, and is handed the oldest."""
HAND_OVER_S = 1.0
LARGE_BYTES = 2 * 1024 * 1024
"""A young piece of such a size is looked for in its files first: ``read_piece`` takes three times its memory."""
REACHES_FILE_S = (0.01, 0.03, 0.1)
"""How long a large piece is waited for that has not reached its files; nearly all are there at the first look."""


class PieceStore:
    """The pieces of one torrent."""

    def __init__(
        self,
        info_hash: InfoHash,
        layout: Layout,
        hashes: PieceHashes | None,
        disk: Disk,
        handle: lt.torrent_handle,
        cache: PieceCache,
        pool: Executor,
        on_rotten: Callable[[PieceIndex], None],
    ) -> None:
        self.have = bytearray(layout.piece_count)
        """One byte a piece: 1 where libtorrent has it."""
        self.ready = bytearray(layout.piece_count)
        """One byte a piece: 1 where it can be read, because libtorrent or we have it."""
        self._info_hash = info_hash
        self._layout = layout
        self._hashes = hashes
        self._disk = disk
        self._handle = handle
        self._cache = cache
        self._pool = pool
        self._on_rotten = on_rotten
        self._trusted = bytearray(layout.piece_count)
        self._flushed = bytearray(layout.piece_count)
        self._arrivals: dict[PieceIndex, asyncio.Future[None]] = {}
        self._reads: dict[PieceIndex, asyncio.Future[bytes]] = {}
        self._proofs: dict[PieceIndex, asyncio.Task[None]] = {}
        self._stamps: dict[int, Stamp] = {}
        self._doubted = False
        self._checking = False
        """Whether a wrong piece has had libtorrent check all files; it gives none until it has."""
        self._early: dict[PieceIndex, bytearray] = {}
        self._handed: set[PieceIndex] = set()
        self._handed_over: asyncio.Future[None] | None = None
        self._count = 0
        self._over: Exception | None = None
        """Why nothing is given any more: libtorrent has forgotten the torrent, and must not be asked."""
        self.mends = Mends()

    @property
    def count(self) -> int:
        """Number of pieces that are here."""
        return self._count

    @property
    def complete(self) -> bool:
        """Whether every piece is here."""
        return self._count == len(self.have)

    def claim(self, pieces: list[bool]) -> None:
        """Take over what libtorrent says is here after it read resume data or checked files; nothing is trusted."""
        self._checking = False
        self.have[:] = bytes(pieces[: len(self.have)]).ljust(len(self.have), b"\0")
        self._flushed[:] = bytes(len(self.have)) if self._doubted else self.have
        self._trusted[:] = bytes(len(self.have))
        self._count = self.have.count(1)
        self._cache.forget(self._info_hash)
        self._early = {piece: data for piece, data in self._early.items() if not self.have[piece]}
        self._handed.clear()
        self.ready[:] = self.have
        for piece in (*self._early, *self.mends.pieces):
            self.ready[piece] = 1
        for piece in [piece for piece in self._arrivals if self.ready[piece]]:
            self._announce(piece)

    def arrived(self, piece: PieceIndex) -> None:
        """Note that libtorrent downloaded and verified a piece."""
        if not self.have[piece]:
            self.have[piece] = self.ready[piece] = 1
            self._count += 1
        self._trusted[piece] = 1
        self._flushed[piece] = 0
        self.mends.drop(piece)
        early = self._early.pop(piece, None)
        self._handed.discard(piece)
        if early is not None:
            self._cache.put(self._info_hash, piece, early)
        if self.complete:
            self._distrust()  # from now on only others write to the files
        if self._handed_over is not None and not self._early and not self._handed_over.done():
            self._handed_over.set_result(None)
        self._announce(piece)

    def mend(self, piece: PieceIndex, start: int, data: bytes) -> None:
        """Take a part of a piece, beginning at ``start`` of the torrent, that stands in for a piece which never comes.

        Nobody is asked for the piece any more.
        """
        if not self.have[piece]:
            self.mends.put(piece, start, data)
            self.ready[piece] = 1
            self._announce(piece)

    def unmend(self, piece: PieceIndex) -> None:
        """Take a part back: the piece is missing again."""
        if piece in self.mends:
            self.mends.drop(piece)
            self.ready[piece] = self.have[piece]

    @property
    def early_pieces(self) -> Sequence[PieceIndex]:
        """The pieces that we have and libtorrent does not have yet."""
        return tuple(self._early)

    def early(self, piece: PieceIndex) -> bytearray | None:
        """Give a piece that we have and libtorrent does not have yet."""
        return self._early.get(piece)

    async def hand_over(self) -> None:
        """Give libtorrent what only we have, and wait until it has it: at the end, when it will not ask any more.

        Raises:
            TimeoutError: it did not take it in time.
        """
        if not self._early:
            return
        self._handed_over = asyncio.get_running_loop().create_future()
        self._hand_on(0)
        async with asyncio.timeout(HAND_OVER_S):
            await self._handed_over

    def proved(self, piece: PieceIndex, data: bytearray) -> None:
        """Take a piece whose hash is right before libtorrent has it.

        The oldest of many are handed to libtorrent. When it takes none (its disk stands still), the oldest of too
        many are missing again.
        """
        if self.have[piece]:
            return
        self._early[piece] = data
        self.ready[piece] = 1
        self._hand_on(HAND_OVER_BYTES)
        while self._early_bytes > EARLY_BYTES and len(self._early) > 1:
            oldest = next(iter(self._early))
            del self._early[oldest]
            self._handed.discard(oldest)
            self.ready[oldest] = 0
        self._announce(piece)

    @property
    def _early_bytes(self) -> int:
        return sum(map(len, self._early.values()))

    def _hand_on(self, keep_bytes: int) -> None:
        """Hand libtorrent the oldest pieces that only we have, until no more than ``keep_bytes`` are left to hand."""
        waiting = [piece for piece in self._early if piece not in self._handed]
        left = sum(len(self._early[piece]) for piece in waiting)
        for piece in waiting:
            if left <= keep_bytes:
                return
            # Copies byte by byte, some milliseconds a mebibyte: nothing for a moment in which somebody waits.
            self._handle.add_piece(int(piece), bytes(self._early[piece]), 0)
            self._handed.add(piece)
            left -= len(self._early[piece])

    def doubt(self) -> None:
        """Trust nothing until it is proved again: the disk refused a write, of a piece that may count as here."""
        self._doubted = True
        self._flushed[:] = bytes(len(self._flushed))
        self._distrust()

    def flushed(self, snapshot: bytes) -> None:
        """Note that all pieces of a copy of ``have`` are in their files now."""
        self._doubted = False
        for piece, there in enumerate(snapshot):
            if there:
                self._flushed[piece] = 1

    def arrival(self, piece: PieceIndex) -> asyncio.Future[None]:
        """Give a future for a missing piece, shared by all who wait; to be awaited through ``asyncio.shield``."""
        self._refuse_if_over()
        if piece not in self._arrivals:
            self._arrivals[piece] = asyncio.get_running_loop().create_future()
        return self._arrivals[piece]

    def end(self, reason: Exception) -> None:
        """Fail everybody who waits, and whoever comes later."""
        self._over = reason
        everybody: list[asyncio.Future[Any]] = [*self._arrivals.values(), *self._reads.values()]
        for waiting in everybody:
            if not waiting.done():
                waiting.set_exception(reason)
                waiting.exception()  # nobody may be waiting any more; that is no error
        self._arrivals.clear()
        self._reads.clear()
        self._early.clear()
        self._cache.forget(self._info_hash)

    async def read(self, piece: PieceIndex, start: int, stop: int) -> bytes | bytearray | None:
        """Read up to ``[start, stop)``, offsets in the torrent, from a piece that is here; never empty.

        Returns None when the piece turned out not to be what it should: it is missing again then.

        Raises:
            DiskFailed: its file cannot be read.
            NotHere: the piece was mended for another file than the one at ``start``.
            TorrentRemoved: as ``end`` was told.
        """
        self._refuse_if_over()
        if piece in self.mends and not self.have[piece]:
            return self.mends.read(piece, start, stop)
        offset, _ = self._layout.bounds(piece)
        early = self._early.get(piece)
        if early is not None:
            return early[start - offset : stop - offset]
        # Asked first: what lies in the cache says nothing of a file that has changed, and is forgotten then.
        unchanged = self._unchanged(start)
        data = self._cache.get(self._info_hash, piece)
        if data is None and self._lies_unproved(piece):
            await asyncio.shield(self._proof(piece))
            self._refuse_if_over()  # or the file would be opened again, and its room on the disk held for ever
            unchanged = self._unchanged(start)
        if unchanged and self._trusted[piece] and self._flushed[piece]:
            return await self._disk.read(start, stop)
        if data is None:
            data = await asyncio.shield(self._fetch(piece))
        if not data:
            return None
        if not self._trusted[piece] and not await self._prove(piece, data):
            return None
        return data[start - offset : stop - offset]

    def on_read(self, piece: PieceIndex, data: bytes, failure: str | None) -> None:
        """Take libtorrent's answer to ``read_piece``; ``failure`` is its reason when there is no data."""
        waiting = self._reads.pop(piece, None)
        if waiting is None or waiting.done():
            return
        if failure is not None and self._checking:
            # Missing until the check says what is here. Others may be wrong too, and the reader waits for it.
            self.ready[piece] = 0
            waiting.set_result(b"")
            return
        if failure is not None:
            waiting.set_exception(
                DiskFailed(f"What had arrived of the film cannot be read any more: {failure}.")
            )
            waiting.exception()
            return
        self._cache.put(self._info_hash, piece, data)
        waiting.set_result(data)

    def _fetch(self, piece: PieceIndex) -> asyncio.Future[bytes]:
        self._refuse_if_over()
        waiting = self._reads.get(piece)
        if waiting is None:
            waiting = self._reads[piece] = asyncio.get_running_loop().create_future()
            offset, end = self._layout.bounds(piece)
            self._cache.make_room(end - offset)
            self._handle.read_piece(piece)
        return waiting

    def _refuse_if_over(self) -> None:
        if self._over is not None:
            raise self._over

    def _lies_unproved(self, piece: PieceIndex) -> bool:
        """Tell whether a piece is to be proved in its files before it is read: whether it may lie there, unproved."""
        if self._hashes is None or self._doubted or not self.have[piece]:
            return False
        if self._flushed[piece]:
            return not self._trusted[piece]
        start, stop = self._layout.bounds(piece)
        return stop - start >= LARGE_BYTES

    def _proof(self, piece: PieceIndex) -> "asyncio.Task[None]":
        """Give the proof of a piece in its files, shared by all who wait; to be awaited through ``asyncio.shield``."""
        proof = self._proofs.get(piece)
        if proof is None:
            proof = self._proofs[piece] = asyncio.create_task(self._prove_in_file(piece))
            proof.add_done_callback(lambda _: self._proofs.pop(piece))
        return proof

    async def _prove_in_file(self, piece: PieceIndex) -> None:
        """Trust a piece when its files hold what they should; what they do not hold, libtorrent is asked for."""
        waits = iter(() if self._flushed[piece] else REACHES_FILE_S)
        while not await self._is_in_file(piece):
            wait_s = next(waits, None)
            if wait_s is None:
                return
            await asyncio.sleep(wait_s)

    async def _is_in_file(self, piece: PieceIndex) -> bool:
        try:
            data, stamps = await self._disk.whole(*self._layout.bounds(piece))
        except DiskFailed as failure:
            log.debug(
                "A piece is not in its files info_hash=%s piece=%d: %s", self._info_hash, piece, failure
            )
            return False
        if not await self._matches(piece, data) or not self.have[piece]:
            return False
        # Of before the piece was read, or what changed between would count as proved.
        for stamp in stamps if self.complete else ():
            if self._stamps.setdefault(stamp[0], stamp) != stamp:
                self._distrust()
                return False
        self._trusted[piece] = self._flushed[piece] = 1
        return True

    async def _matches(self, piece: PieceIndex, data: bytes | bytearray) -> bool:
        assert self._hashes is not None  # noqa: S101 - for the type checker
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._hashes.matches, piece, data)

    async def _prove(self, piece: PieceIndex, data: bytes | bytearray) -> bool:
        if self._hashes is None:
            # A v2 magnet gives no hashes to us; libtorrent itself checked the files at this start.
            self._trusted[piece] = 1
            return True
        if await self._matches(piece, data):
            self._trusted[piece] = 1
            return True
        self._cache.drop(self._info_hash, piece)
        self._refuse_if_over()
        if self.have[piece]:
            self.have[piece] = self.ready[piece] = 0
            self._count -= 1
            log.warning(
                "A piece on the disk is not what it was info_hash=%s piece=%d", self._info_hash, piece
            )
            self._checking = True
            self._on_rotten(piece)
        return False

    def _unchanged(self, start: int) -> bool:
        """Tell whether a complete film's file is as it was; if not, none of it is trusted any more."""
        if not self.complete:
            return True
        try:
            stamp = self._disk.stamp(start)
        except DiskFailed:
            self._distrust()
            return False
        known = self._stamps.setdefault(stamp[0], stamp)
        if known == stamp:
            return True
        self._distrust()
        return False

    def _distrust(self) -> None:
        # What is right in memory says nothing of what the files hold now.
        self._cache.forget(self._info_hash)
        self._stamps.clear()
        self._trusted[:] = bytes(len(self._trusted))
        self._disk.close()

    def _announce(self, piece: PieceIndex) -> None:
        waiting = self._arrivals.pop(piece, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
