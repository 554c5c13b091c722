"""Proves that a piece is what its torrent says: SHA-1 for v1 (BEP 3), a Merkle root of SHA-256 for v2 (BEP 52)."""

import hashlib
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from matinee.torrent.layout import Layout
from matinee.types import BLOCK_BYTES, PieceIndex

_ZERO = bytes(32)


class PieceHashes(Protocol):
    """What a torrent says of its pieces."""

    def matches(self, piece: PieceIndex, data: bytes | bytearray) -> bool:
        """Tell whether ``data`` is the whole of ``piece``. Slow: to be called off the loop for large pieces."""


@dataclass(frozen=True, slots=True)
class V1Hashes:
    """The ``pieces`` of a v1 or hybrid torrent."""

    digest: Callable[[int], bytes]
    """Gives the 20 bytes of a piece that there is."""

    def matches(self, piece: PieceIndex, data: bytes | bytearray) -> bool:
        """Compare the SHA-1 of the piece."""
        return hashlib.sha1(data, usedforsecurity=False).digest() == self.digest(piece)


@dataclass(frozen=True, slots=True)
class V2File:
    """One file of a v2 torrent."""

    offset: int
    """In the torrent's byte space; at the beginning of a piece."""
    length: int
    root: bytes
    """``pieces root``: 32 bytes."""
    layer: bytes
    """Its ``piece layers`` entry, 32 bytes a piece; empty for a file of one piece."""


class V2Hashes:
    """The file tree and piece layers of a v2 torrent."""

    def __init__(self, layout: Layout, files: tuple[V2File, ...]) -> None:
        self._layout = layout
        self._files = files
        self._first_pieces = [layout.piece_at(file.offset) for file in files]

    def matches(self, piece: PieceIndex, data: bytes | bytearray) -> bool:
        """Compare the Merkle root of the piece's blocks; what lies behind the file's end does not count."""
        at = bisect_right(self._first_pieces, piece) - 1
        file, index_in_file = self._files[at], piece - self._first_pieces[at]
        start, _ = self._layout.bounds(piece)
        data = data[: file.offset + file.length - start]
        leaves = [
            hashlib.sha256(data[at : at + BLOCK_BYTES]).digest() for at in range(0, len(data), BLOCK_BYTES)
        ]
        if file.layer:
            expected = file.layer[32 * index_in_file : 32 * index_in_file + 32]
            return merkle_root(leaves, self._layout.piece_length // BLOCK_BYTES) == expected
        return merkle_root(leaves, 1) == file.root


def merkle_root(leaves: list[bytes], least_width: int) -> bytes:
    """Fold leaves into a root, filled up with zeros to a power of two of at least ``least_width``. BEP 52."""
    width = 1
    while width < max(len(leaves), least_width):
        width *= 2
    row = leaves + [_ZERO] * (width - len(leaves))
    while len(row) > 1:
        row = [hashlib.sha256(row[at] + row[at + 1]).digest() for at in range(0, len(row), 2)]
    return row[0]
