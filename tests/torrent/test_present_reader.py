"""The reader that wants nothing: what is here it gives, for the rest it does not wait."""

from typing import cast

import pytest

from matinee.ports import ByteReader, NotHere
from matinee.torrent.layout import FileLayout, Layout
from matinee.torrent.pieces import PieceStore
from matinee.torrent.reader import CHUNK_BYTES, PresentReader
from matinee.types import PieceIndex

PIECE = 2 * CHUNK_BYTES
TORRENT = bytes(range(256)) * (5 * PIECE // 256)
OFFSET = 1000
"""Where the file begins in the torrent."""


class Pieces:
    """Pieces that are here or not; ``read`` gives nothing of those that were lost."""

    def __init__(self) -> None:
        self.ready = bytearray(b"\1\0\1\1\1")
        self.lost: set[int] = set()

    async def read(self, piece: PieceIndex, start: int, stop: int) -> bytes | None:
        assert self.ready[piece]
        assert piece * PIECE <= start < stop <= (piece + 1) * PIECE
        return None if piece in self.lost else TORRENT[start:stop]


@pytest.fixture
def pieces() -> Pieces:
    return Pieces()


@pytest.fixture
def reader(pieces: Pieces) -> PresentReader:
    file = FileLayout(Layout(PIECE, len(TORRENT)), OFFSET, len(TORRENT) - OFFSET)
    return PresentReader(file, cast(PieceStore, pieces))


async def test_read_when_here_then_given_up_to_the_end_of_the_piece(reader: PresentReader) -> None:
    assert isinstance(reader, ByteReader)
    assert reader.length == len(TORRENT) - OFFSET
    async with reader as opened:
        assert await opened.read(0, 10) == TORRENT[OFFSET : OFFSET + 10]
        assert await opened.read(0, reader.length) == TORRENT[OFFSET : OFFSET + CHUNK_BYTES]
        assert await opened.read(PIECE - OFFSET - 5, PIECE) == TORRENT[PIECE - 5 : PIECE]
        assert await opened.read(reader.length - 1, reader.length) == TORRENT[-1:]


async def test_read_when_not_here_then_said_at_once(reader: PresentReader, pieces: Pieces) -> None:
    with pytest.raises(NotHere):
        await reader.read(PIECE - OFFSET, PIECE)
    pieces.lost.add(2)
    with pytest.raises(NotHere):
        await reader.read(2 * PIECE, 2 * PIECE + 1)


@pytest.mark.parametrize(("start", "stop"), [(-1, 1), (5, 5), (6, 5), (0, len(TORRENT))])
async def test_read_when_outside_the_file_then_a_defect_of_the_caller(
    reader: PresentReader, start: int, stop: int
) -> None:
    with pytest.raises(ValueError, match="cannot read"):
        await reader.read(start, stop)
