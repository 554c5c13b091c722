"""A small cache of the pieces that were read last."""

from collections import OrderedDict

from matinee.types import InfoHash, PieceIndex

CACHE_BYTES = 4 * 1024 * 1024
"""Of all torrents together; one piece always fits, however large."""


class PieceCache:
    """The pieces read last, shared by all torrents and readers."""

    def __init__(self, limit_bytes: int = CACHE_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._bytes = 0
        self._pieces: OrderedDict[tuple[InfoHash, PieceIndex], bytes | bytearray] = OrderedDict()

    def get(self, info_hash: InfoHash, piece: PieceIndex) -> bytes | bytearray | None:
        """Find a piece; it becomes the youngest."""
        data = self._pieces.get((info_hash, piece))
        if data is not None:
            self._pieces.move_to_end((info_hash, piece))
        return data

    def put(self, info_hash: InfoHash, piece: PieceIndex, data: bytes | bytearray) -> None:
        """Keep a piece, and let go of the oldest ones beyond the limit."""
        self.drop(info_hash, piece)
        self.make_room(len(data))
        self._pieces[info_hash, piece] = data
        self._bytes += len(data)

    def make_room(self, coming_bytes: int) -> None:
        """Let go of the oldest pieces until so much more is within the limit, or nothing is left."""
        while self._pieces and self._bytes + coming_bytes > self._limit_bytes:
            _, oldest = self._pieces.popitem(last=False)
            self._bytes -= len(oldest)

    def drop(self, info_hash: InfoHash, piece: PieceIndex) -> None:
        """Let go of a piece, if it is here."""
        data = self._pieces.pop((info_hash, piece), None)
        self._bytes -= len(data) if data is not None else 0

    def forget(self, info_hash: InfoHash) -> None:
        """Let go of everything of a torrent."""
        for key in [key for key in self._pieces if key[0] == info_hash]:
            self.drop(*key)
