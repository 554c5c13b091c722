"""Reads one file of a torrent while it arrives. Reading and seeking are the only way to want pieces."""

import asyncio
from collections.abc import Callable
from typing import Self

from matinee.errors import PieceTimeout
from matinee.ports import NotHere
from matinee.torrent.layout import FileLayout
from matinee.torrent.pieces import PieceStore
from matinee.torrent.steering import Seat, Steering
from matinee.types import PieceIndex

CHUNK_BYTES = 1024 * 1024
"""At most this much is handed out at once: what a slow consumer can hold of our memory."""

SLEPT_S = 0.5
"""A timer that is so late tells that the program stood still, with its computer perhaps: nobody could send anything."""


class TorrentReader:
    """A reader of one file; the ``ByteReader`` of ``ports``."""

    def __init__(
        self,
        file: FileLayout,
        pieces: PieceStore,
        steering: Steering,
        piece_timeout_s: float,
        *,
        why_waiting: Callable[[], str],
        counted: Callable[[int], None],
    ) -> None:
        """Make a reader; ``counted`` hears 1 when it opens and -1 when it closes: who is not watched may rest."""
        self._file = file
        self._pieces = pieces
        self._steering = steering
        self._piece_timeout_s = piece_timeout_s
        self._why_waiting = why_waiting
        self._counted = counted
        self._seat: tuple[int, Seat] | None = None

    @property
    def length(self) -> int:
        """The file's length in bytes."""
        return self._file.length

    async def __aenter__(self) -> Self:
        self._seat = self._steering.open(self._file, self._file.offset)
        self._counted(1)
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._seat is not None:
            self._steering.close(self._seat[0])
            self._seat = None
            self._counted(-1)

    async def read(self, start: int, stop: int) -> bytes | bytearray:
        """Give a non-empty prefix of ``[start, stop)``, offsets in the file, once it is here and verified.

        Raises:
            TorrentRemoved: the torrent went away.
            PieceTimeout: nobody sent the piece in time.
            DiskFailed: its file cannot be read.
            ValueError: the range is empty or leaves the file; a defect of the caller.
        """
        if self._seat is None or not 0 <= start < stop <= self._file.length:
            raise ValueError(f"cannot read [{start}, {stop}) of {self._file.length} bytes")
        seat = self._seat[1]
        position = self._file.to_torrent(start)
        end = min(self._file.to_torrent(stop), position + CHUNK_BYTES)
        piece = self._file.torrent.piece_at(position)
        _, piece_stop = self._file.torrent.bounds(piece)
        data = None
        while not data:
            if not self._pieces.ready[piece]:
                self._steering.wait(seat, position)
                await self._arrival_of(piece)
            try:
                data = await self._pieces.read(piece, position, min(end, piece_stop))
            except NotHere:
                raise PieceTimeout(
                    "The archive has another file of this name since it made the torrent, and nobody has the old one.",
                    piece=piece,
                ) from None
        self._steering.advance(seat, position, position + len(data))
        return data

    async def _arrival_of(self, piece: PieceIndex) -> None:
        arrival, loop = self._pieces.arrival(piece), asyncio.get_running_loop()
        while True:
            until_s = loop.time() + self._piece_timeout_s
            try:
                async with asyncio.timeout_at(until_s):
                    await asyncio.shield(arrival)
                    return
            except TimeoutError:
                if loop.time() > until_s + SLEPT_S:
                    continue
                raise PieceTimeout(
                    f"Nothing came for {self._piece_timeout_s:.0f} seconds: {self._why_waiting()}",
                    piece=piece,
                ) from None


class PresentReader:
    """Reads what is here of one file, and wants nothing; the other ``ByteReader`` of ``ports``."""

    def __init__(self, file: FileLayout, pieces: PieceStore) -> None:
        self._file = file
        self._pieces = pieces

    @property
    def length(self) -> int:
        """The file's length in bytes."""
        return self._file.length

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        pass

    async def read(self, start: int, stop: int) -> bytes | bytearray:
        """Give a non-empty prefix of ``[start, stop)``, offsets in the file.

        Raises:
            NotHere: its piece has not come, or was lost.
            DiskFailed: its file cannot be read.
            ValueError: the range is empty or leaves the file; a defect of the caller.
        """
        if not 0 <= start < stop <= self._file.length:
            raise ValueError(f"cannot read [{start}, {stop}) of {self._file.length} bytes")
        position = self._file.to_torrent(start)
        piece = self._file.torrent.piece_at(position)
        _, piece_stop = self._file.torrent.bounds(piece)
        end = min(self._file.to_torrent(stop), position + CHUNK_BYTES, piece_stop)
        data = await self._pieces.read(piece, position, end) if self._pieces.ready[piece] else None
        if not data:
            raise NotHere
        return data
