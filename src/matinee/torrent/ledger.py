"""Puts down what each torrent has taken and given, for its receipt.

STATES: idle -> due (something runs, or has just run) -> counting -> idle, or due again while anything runs.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from matinee.errors import MatineeError
from matinee.models.receipt import Receipt
from matinee.storage.receipts import Count, ReceiptStore
from matinee.torrent import showing
from matinee.torrent.torrent import Torrent
from matinee.types import InfoHash

if TYPE_CHECKING:
    from matinee.models.overview import Given

log = logging.getLogger(__name__)

COUNT_EACH_S = 60.0
"""libtorrent tells of nothing that it gives unless it is asked. A kill costs the receipt at most so much."""
ANSWER_S = 2.0


class Ledger:
    """Counts all torrents of an engine. Everything runs on the loop's thread.

    Args:
        store: where it is put down.
        torrents: gives those that are here.
        refresh: brings their snapshots up to date.
    """

    def __init__(
        self,
        store: ReceiptStore,
        torrents: Callable[[], Iterable[Torrent]],
        refresh: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = store
        self._torrents = torrents
        self._refresh = refresh
        self._put: dict[InfoHash, Count] = {}
        """What is down already, of torrents counted since the program started."""
        self._due: asyncio.TimerHandle | None = None
        self._counting: asyncio.Task[None] | None = None

    def moved(self, torrent: Torrent) -> None:
        """Note that a torrent runs; it is counted soon, and again as long as anything runs."""
        if torrent.runs and self._due is None:
            self._due = asyncio.get_running_loop().call_later(COUNT_EACH_S, self._count_now)

    async def count(self) -> None:
        """Put down what has moved."""
        counts: dict[InfoHash, Count] = {}
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._refresh()
            for torrent in self._torrents():
                count = _count_of(torrent)
                # It is shown when nobody tells any more: a film that is paused asks nobody.
                if (homes := showing.homes(torrent)) is not None and homes.count > 0:
                    torrent.record = replace(torrent.record, homes=homes)
                if torrent.snapshot.counted and self._put.get(torrent.record.info_hash) != count:
                    counts[torrent.record.info_hash] = count
            if counts:
                await self._store.count(counts, first=frozenset(counts) - frozenset(self._put))
                self._put |= counts
        except (MatineeError, TimeoutError) as error:
            # What is down stays true; the next count has what is missing.
            log.warning("A receipt could not be kept up to date error=%r", error)

    async def receipt(self) -> Receipt:
        """Give all that is on record, up to now.

        Raises:
            StorageFailed: the database refused.
        """
        await self.count()
        return await self._store.read()

    async def given(self) -> "Given":
        """Give the sums of all that is on record, up to now.

        Raises:
            StorageFailed: the database refused.
        """
        await self.count()
        return await self._store.given()

    async def forget(self, torrent: Torrent) -> None:
        """Count for the last time before a torrent is removed."""
        await self.count()
        self._put.pop(torrent.record.info_hash, None)

    async def close(self) -> None:
        """Count for the last time; nothing is counted afterwards."""
        if self._due is not None:
            self._due.cancel()
        if self._counting is not None:
            await self._counting
        await self.count()

    def _count_now(self) -> None:
        self._due = None
        self._counting = asyncio.ensure_future(self._count_and_go_on())

    async def _count_and_go_on(self) -> None:
        await self.count()
        for torrent in self._torrents():
            self.moved(torrent)


def _count_of(torrent: Torrent) -> Count:
    now = torrent.snapshot
    seen_on = datetime.now(UTC).date().isoformat() if now.peers.seeds > 0 else ""
    return Count(now.bytes_down, now.bytes_up, now.peers.seeds, seen_on)
