"""A torrent that an archive made, held against what the archive has today."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from matinee.types import FileIndex, PieceIndex

BOOKKEEPING_SUFFIXES = ("_meta.xml", "_meta.sqlite", "_files.xml", "_reviews.xml", "_archive.torrent")
"""The archive's own books: they change with every review, and nobody watches them."""


@dataclass(frozen=True, slots=True)
class HashedFile:
    """A file of a torrent whose maker wrote down the hash of each file."""

    index: FileIndex
    path: str
    """In the item, ``/`` between the parts: the maker's own bytes as text, never cleaned, never shown."""
    offset: int
    """Where it begins in the torrent's byte space."""
    length: int
    """Bytes."""
    sha1: str | None = None
    """40 hex digits."""
    md5: str | None = None
    """32 hex digits."""


@dataclass(frozen=True, slots=True)
class ItemTorrent:
    """A torrent that an archive made of an item."""

    identifier: str
    """The item's."""
    piece_length: int
    """Bytes."""
    files: tuple[HashedFile, ...]
    """In the order of the torrent."""


class Freshness(StrEnum):
    """Whether a file of the torrent is still what the item has."""

    SAME = "same"
    CHANGED = "changed"
    """The archive has another file of that name: no web host will ever bring this one."""
    GONE = "gone"
    NOT_KNOWN = "not-known"
    """No hash on one of the two sides, and the same length."""


@dataclass(frozen=True, slots=True)
class Mend:
    """A part of a good file whose piece it shares with a stale one, so that its hash cannot come out right."""

    file: FileIndex
    piece: PieceIndex
    start: int
    """Within the file: ``[start, stop)``."""
    stop: int


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What of a torrent can still be had, and how."""

    freshness: Mapping[FileIndex, Freshness]
    mends: tuple[Mend, ...]
    """In the order of the torrent. No file that is stale itself, or of bookkeeping, is in it."""
    lost_pieces: frozenset[PieceIndex]
    """Those that a stale file has a part in: the archive's bytes never verify."""

    @property
    def stale(self) -> frozenset[FileIndex]:
        """The files that the archive no longer has as they were."""
        return frozenset(
            index for index, found in self.freshness.items() if found in (Freshness.CHANGED, Freshness.GONE)
        )
