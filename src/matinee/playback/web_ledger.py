"""Puts down what films on the web have taken from their hosts, for the receipt: before they are torrents, and after."""

import logging
from collections.abc import Awaitable

from matinee.errors import MatineeError
from matinee.models.rights import Rights
from matinee.storage.receipts import Count, ReceiptStore
from matinee.types import InfoHash

log = logging.getLogger(__name__)


class WebLedger:
    """The receipt of films on the web. What cannot be written is in the log, and counted the next time.

    Args:
        store: where it is put down; None where nothing is.
    """

    def __init__(self, store: ReceiptStore | None) -> None:
        self._store = store
        self._counted: dict[InfoHash, int] = {}
        """What is down already, of films counted since the program started."""

    async def began(self, info_hash: InfoHash, name: str, added_at: str, rights: Rights) -> None:
        """Open the entry of a film, unless it is open."""
        if self._store is not None:
            await self._written(self._store.begun(info_hash, name, added_at, rights))

    async def moved(self, info_hash: InfoHash, taken: int) -> None:
        """Count what a film's host has sent of it, all together."""
        if self._store is None or self._counted.get(info_hash) == taken:
            return
        first = frozenset((info_hash,)) - self._counted.keys()
        if await self._written(self._store.count({info_hash: Count(taken, 0)}, first=first)):
            self._counted[info_hash] = taken

    async def ended(self, info_hash: InfoHash) -> None:
        """Note that a film does not come any more."""
        self._counted.pop(info_hash, None)
        if self._store is not None:
            await self._written(self._store.ended(info_hash))

    async def became(self, info_hash: InfoHash, torrent: InfoHash) -> None:
        """Have the entry of a film go on as that of the torrent that it has become."""
        self._counted.pop(info_hash, None)
        if self._store is not None:
            await self._written(self._store.carried(info_hash, torrent))

    async def _written(self, work: Awaitable[None]) -> bool:
        try:
            await work
        except MatineeError as error:
            log.warning("The receipt of a film on the web could not be kept up to date error=%r", error)
            return False
        return True
