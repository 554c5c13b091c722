"""One piece as it is gathered from several peers, block by block. Pure.

``Who`` names a peer; it is only compared and handed back.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

from matinee.types import BLOCK_BYTES, PieceIndex

Who = TypeVar("Who")


class Part(Generic[Who]):
    """The blocks of a piece: open, asked for, or here."""

    def __init__(self, piece: PieceIndex, size: int) -> None:
        self.piece = piece
        self.size = size
        """Bytes that peers are asked for; the padding behind a v2 file's end is not."""
        self.data = bytearray(size)
        """Not changed any more once the piece is complete."""
        self.open: dict[int, None] = dict.fromkeys(range(-(-size // BLOCK_BYTES)))
        """Blocks that nobody is asked for, in order."""
        self.asked: dict[int, list[Who]] = {}
        """Who is asked for a block that is not here."""
        self.sources: dict[int, Who] = {}
        """Who sent each block that is here."""
        self.only: Who | None = None
        """After a wrong piece: the one peer that sends all of it, so that its hash judges somebody."""
        self.obsolete = False
        """libtorrent has the piece already."""
        self.suspect: tuple[bytearray, dict[int, Who]] | None = None
        """The wrong piece, and who sent which block of it."""

    @property
    def complete(self) -> bool:
        """Whether every block is here."""
        return not self.open and not self.asked

    def length(self, block: int) -> int:
        """Give a block's length in bytes."""
        return min(BLOCK_BYTES, self.size - block * BLOCK_BYTES)

    def ask(self, block: int, who: Who) -> None:
        """Note that a peer is asked."""
        self.open.pop(block, None)
        self.asked.setdefault(block, []).append(who)

    def put(self, block: int, who: Who, data: bytes | memoryview) -> list[Who]:
        """Take a block; gives the others that are asked for it. A block of a wrong length is as good as none."""
        if block in self.sources or len(data) != self.length(block):
            return []
        if self.only is not None and who != self.only:
            return []
        at = block * BLOCK_BYTES
        self.data[at : at + len(data)] = data
        self.sources[block] = who
        self.open.pop(block, None)
        return [other for other in self.asked.pop(block, ()) if other != who]

    def take_back(self, block: int, who: Who) -> None:
        """Note that a peer will not send a block; it is open again when nobody else is asked."""
        asked = self.asked.get(block)
        if asked is None or who not in asked:
            return
        asked.remove(who)
        if not asked:
            del self.asked[block]
            self.open = dict.fromkeys(sorted((*self.open, block)))

    def leave(self, who: Who) -> None:
        """Note that a peer is gone."""
        for block in [block for block, asked in self.asked.items() if who in asked]:
            self.take_back(block, who)
        if self.only == who:
            self.only = None

    def begin_again(self, only: Who | None) -> None:
        """Throw a wrong piece away, and have it sent by one peer alone."""
        if self.suspect is None:
            self.suspect = (self.data, self.sources)
        self.data = bytearray(self.size)
        self.sources = {}
        self.open = dict.fromkeys(range(-(-self.size // BLOCK_BYTES)))
        self.only = only

    def liars(self) -> Iterator[Who]:
        """Give, of a right piece, who sent something else the first time."""
        if self.suspect is None:
            return
        wrong, sources = self.suspect
        for block, who in sources.items():
            span = slice(block * BLOCK_BYTES, block * BLOCK_BYTES + self.length(block))
            if wrong[span] != self.data[span]:
                yield who
