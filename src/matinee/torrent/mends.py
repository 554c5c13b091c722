"""Parts of pieces that an archive gave of a file, where the piece itself can never verify: a stale file shares it.

What is here was fetched by https from the archive that made the torrent, which says that the file is unchanged; the
file's own hash proves it once the rest is here (``playback/healing``). It is never given to others, nor to libtorrent.
"""

from matinee.ports import NotHere
from matinee.torrent.layout import FileLayout
from matinee.types import PieceIndex


class Mends:
    """The mended parts of one torrent's pieces. At most two pieces a file."""

    def __init__(self) -> None:
        self._parts: dict[PieceIndex, dict[int, bytes]] = {}

    def __contains__(self, piece: PieceIndex) -> bool:
        return piece in self._parts

    @property
    def pieces(self) -> tuple[PieceIndex, ...]:
        """Those with a part."""
        return tuple(self._parts)

    def size(self, piece: PieceIndex) -> int:
        """Give the bytes of a piece's parts."""
        return sum(map(len, self._parts.get(piece, {}).values()))

    def put(self, piece: PieceIndex, start: int, data: bytes) -> None:
        """Keep a part that begins at ``start`` of the torrent's byte space."""
        self._parts.setdefault(piece, {})[start] = data

    def drop(self, piece: PieceIndex) -> None:
        """Let go of a piece's parts, if there are any."""
        self._parts.pop(piece, None)

    def read(self, piece: PieceIndex, start: int, stop: int) -> bytes:
        """Give a non-empty prefix of ``[start, stop)`` of the torrent's byte space.

        Raises:
            NotHere: no part holds ``start``.
        """
        for first, data in self._parts.get(piece, {}).items():
            if first <= start < first + len(data):
                return data[start - first : stop - first]
        raise NotHere

    def complete(self, file: FileLayout, piece: PieceIndex) -> bool:
        """Tell whether all that a file has in a piece is here."""
        first, last = (file.to_torrent(one) for one in file.clip(piece))
        return any(
            start <= first and last <= start + len(data) for start, data in self._parts.get(piece, {}).items()
        )
