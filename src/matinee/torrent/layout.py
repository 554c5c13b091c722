"""All arithmetic between bytes, pieces and files. Pure.

Two kinds of offset exist: within a file, and within the torrent's byte space, where the files lie one after
the other in the order of the metainfo, padding included (BEP 3, BEP 47). Names say which: ``file_*`` is within
a file; everything else is within the torrent.
"""

from dataclasses import dataclass

from matinee.types import PieceIndex


@dataclass(frozen=True, slots=True)
class Layout:
    """How a torrent's byte space is cut into pieces."""

    piece_length: int
    """Bytes of every piece but the last; at least 1."""
    length: int
    """Bytes of the torrent's byte space."""

    @property
    def piece_count(self) -> int:
        """Number of pieces; 0 for an empty torrent."""
        return -(-self.length // self.piece_length)

    def piece_at(self, offset: int) -> PieceIndex:
        """Find the piece that holds the byte at ``offset``."""
        return PieceIndex(offset // self.piece_length)

    def bounds(self, piece: PieceIndex) -> tuple[int, int]:
        """Give a piece's bytes as ``[start, stop)``."""
        start = piece * self.piece_length
        return start, min(start + self.piece_length, self.length)

    def size(self, piece: PieceIndex) -> int:
        """Give a piece's length in bytes."""
        start, stop = self.bounds(piece)
        return stop - start

    def covering(self, start: int, stop: int) -> range:
        """Give the pieces that hold any byte of ``[start, stop)``; empty for an empty range."""
        if stop <= start:
            return range(0)
        return range(self.piece_at(start), self.piece_at(stop - 1) + 1)


@dataclass(frozen=True, slots=True)
class FileLayout:
    """Where one file lies in the torrent's byte space."""

    torrent: Layout
    offset: int
    """Where the file's first byte is."""
    length: int
    """Bytes of the file."""

    @property
    def stop(self) -> int:
        """One past the file's last byte."""
        return self.offset + self.length

    @property
    def pieces(self) -> range:
        """The pieces that hold any byte of the file."""
        return self.torrent.covering(self.offset, self.stop)

    def to_torrent(self, file_offset: int) -> int:
        """Turn an offset within the file into one within the torrent."""
        return self.offset + file_offset

    def clip(self, piece: PieceIndex) -> tuple[int, int]:
        """Give the part of the file, as ``[file_start, file_stop)``, that lies in a piece."""
        start, stop = self.torrent.bounds(piece)
        return max(start, self.offset) - self.offset, min(stop, self.stop) - self.offset

    def spans(self, have: bytearray) -> tuple[tuple[int, int], ...]:
        """Give the merged file ranges whose pieces are marked with 1 in ``have``, one byte a piece, else 0."""
        pieces = self.pieces
        merged: list[tuple[int, int]] = []
        first = have.find(1, pieces.start, pieces.stop)
        while first >= 0:
            gap = have.find(0, first, pieces.stop)
            last = gap if gap >= 0 else pieces.stop
            merged.append((self.clip(PieceIndex(first))[0], self.clip(PieceIndex(last - 1))[1]))
            first = have.find(1, last, pieces.stop)
        return tuple(merged)
