"""A film on the web as whoever plays it has it, while it is on its way: nothing of it is verified yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from matinee.errors import BadSource
from matinee.models.torrent import FileEntry
from matinee.playback.arriving import Arriving
from matinee.ports import ByteReader, Spare


class ArrivingReader:
    """Reads a film that is on its way; the ``ByteReader`` of ``ports.py``, but nothing of it is verified yet."""

    def __init__(self, arriving: Arriving) -> None:
        self._arriving = arriving
        self._number: int | None = None

    @property
    def length(self) -> int:
        """Bytes of the film."""
        return self._arriving.length

    async def __aenter__(self) -> Self:
        self._number = self._arriving.sit()
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._number is not None:
            self._arriving.rise(self._number)
            self._number = None

    async def read(self, start: int, stop: int) -> bytes:
        """Give a non-empty prefix of ``[start, stop)``, once it is here.

        Raises:
            PieceTimeout: its host sent nothing in time.
            TorrentRemoved: it was removed.
            BadSource: it turned out to be another film.
            DiskFailed: what had come cannot be read.
            ValueError: the range is empty or leaves the file, or the reader is closed; a defect of the caller.
        """
        if self._number is None:
            raise ValueError("the reader is closed")
        return await self._arriving.read(self._number, start, stop)


class _HereReader(ArrivingReader):
    """Reads what is here, and wants nothing."""

    async def read(self, start: int, stop: int) -> bytes:
        """Give a non-empty prefix of ``[start, stop)``. Raises NotHere."""
        return await self._arriving.read_here(start, stop)


class _NoSpare:
    """Wants nothing: all of the film comes anyway, and what somebody looks at comes first."""

    def want(self, spans: Sequence[tuple[int, int]], film_bytes_per_s: float) -> None:
        """Do nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        pass


@dataclass(frozen=True, slots=True)
class ArrivingStream:
    """A film that is on its way; the ``Stream`` of ``ports.py``."""

    arriving: Arriving
    file: FileEntry
    etag: str

    def open(self) -> ByteReader:
        """Make a reader."""
        later = self.arriving.became
        return later.open() if later is not None else ArrivingReader(self.arriving)

    def peek(self) -> ByteReader:
        """Make a reader that wants nothing."""
        later = self.arriving.became
        return later.peek() if later is not None else _HereReader(self.arriving)

    @property
    def has_host(self) -> bool:
        """Whether somebody else may be asked: nobody, its host is what it comes from already."""
        return False

    async def from_host(self) -> bytes:
        """Never called: see ``has_host``."""
        raise BadSource("Nobody else may be asked for this film.")

    def spare(self) -> Spare:
        """Make a wish for bytes for which nobody waits."""
        later = self.arriving.became
        return later.spare() if later is not None else _NoSpare()
