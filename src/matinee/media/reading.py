"""The film's bytes for a process that opens it: two readers, as players have two connections.

Containers are read at two places at once: at the index and at the pictures, or at pictures and sound that lie
far apart. One reader that jumps between them would give up its window each time.
"""

from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from matinee.ports import ByteReader

PLACES = 2
NEAR_BYTES = 2 * 1024 * 1024
"""A reader that stands so little before a place is the one to go on there."""


class Reading:
    """An async context manager; leaving it withdraws every wish. Calls to ``read`` do not overlap."""

    def __init__(self, open_reader: Callable[[], ByteReader]) -> None:
        self._open_reader = open_reader
        self._stack = AsyncExitStack()
        self._places: list[tuple[ByteReader, int]] = []
        """Readers and where they stand, the one used last at the end."""

    async def __aenter__(self) -> Self:
        await self._stack.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._places.clear()
        await self._stack.__aexit__(kind, exc, trace)

    async def read(self, start: int, stop: int) -> bytes | bytearray:
        """Give a non-empty prefix of ``[start, stop)`` once it is here. Raises what ``ByteReader.read`` does."""
        reader = await self._reader_at(start)
        self._places.append((reader, start))
        data = await reader.read(start, stop)
        self._places[-1] = (reader, start + len(data))
        return data

    async def rest(self) -> None:
        """Withdraw every wish; the next read makes new readers."""
        self._places.clear()
        await self._stack.aclose()

    async def _reader_at(self, start: int) -> ByteReader:
        for at, (reader, stands) in enumerate(self._places):
            if 0 <= start - stands <= NEAR_BYTES:
                del self._places[at]
                return reader
        if len(self._places) < PLACES:
            return await self._stack.enter_async_context(self._open_reader())
        return self._places.pop(0)[0]
