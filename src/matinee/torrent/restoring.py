"""Brings kept torrents back at a start: several at once, for each waits for a process, a thread and a disk in turn."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

from matinee.errors import MatineeError
from matinee.torrent.store import Record

log = logging.getLogger(__name__)

T = TypeVar("T")

AHEAD = 12
AHEAD_BYTES = 4 * 1024 * 1024
"""Of what is prepared at once, or one that is longer: 100 000 files have 10 MB, and far more once they are read."""


async def bring_back(
    records: AsyncIterator[Record],
    prepare: Callable[[Record], Coroutine[Any, Any, T]],
    enter: Callable[[Record, T], None],
) -> None:
    """Prepare records beside each other, and enter them in their order.

    Args:
        records: what is kept.
        prepare: what waits.
        enter: what does not. One for which either raises a ``MatineeError`` is left out, which is said.
    """
    coming: deque[tuple[Record, asyncio.Task[T]]] = deque()

    def size_ahead() -> int:
        return sum(_size(record) for record, _ in coming)

    async def enter_first() -> None:
        record, preparing = coming[0]
        try:
            enter(record, await preparing)
        except MatineeError as error:
            log.error(
                "A torrent could not be brought back info_hash=%s error=%s", record.info_hash, error.message
            )
        coming.popleft()

    try:
        async for record in records:
            while coming and (len(coming) == AHEAD or size_ahead() + _size(record) > AHEAD_BYTES):
                await enter_first()
            coming.append((record, asyncio.create_task(prepare(record))))
        while coming:
            await enter_first()
    finally:
        for _, preparing in coming:
            preparing.cancel()
        await asyncio.gather(*(preparing for _, preparing in coming), return_exceptions=True)


def _size(record: Record) -> int:
    return len(record.metainfo or b"") + len(record.resume or b"")
