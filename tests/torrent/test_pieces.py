"""Pieces that somebody else writes to once they are here, and pieces that come before libtorrent has them."""

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest

from matinee.ports import NotHere
from matinee.torrent import pieces
from matinee.torrent.disk import Disk, DiskFile, DiskFiles
from matinee.torrent.hashes import V1Hashes
from matinee.torrent.layout import Layout
from matinee.torrent.pieces import PieceCache, PieceStore
from matinee.types import InfoHash, PieceIndex

PIECE = 1000
CONTENT = bytes(range(256)) * 12


class Handle:
    """As libtorrent answers ``read_piece``: later, and with what the file holds, checked or not."""

    def __init__(self, path: Path) -> None:
        self.store: PieceStore | None = None
        self.reads = 0
        self.added: list[int] = []
        self._path = path

    def read_piece(self, piece: PieceIndex) -> None:
        """Read a piece for whoever waits."""
        self.reads += 1
        data = self._path.read_bytes()[piece * PIECE : (piece + 1) * PIECE]
        assert self.store is not None
        asyncio.get_running_loop().call_soon(self.store.on_read, piece, data, None)

    def add_piece(self, piece: int, data: bytes, _flags: int) -> None:
        """Note what is handed over."""
        assert data == CONTENT[piece * PIECE : (piece + 1) * PIECE]
        self.added.append(piece)


class Kept:
    """A film of four pieces and where it is kept."""

    def __init__(self, folder: Path, pool: ThreadPoolExecutor) -> None:
        self.path = folder / "film"
        self.path.write_bytes(CONTENT)
        self.rotten: list[PieceIndex] = []
        self.handle = Handle(self.path)
        layout = Layout(PIECE, len(CONTENT))
        digests = b"".join(
            hashlib.sha1(CONTENT[slice(*layout.bounds(PieceIndex(at)))], usedforsecurity=False).digest()
            for at in range(layout.piece_count)
        )
        disk = Disk(folder, DiskFiles([DiskFile(0, len(CONTENT), False)], lambda _: "film"), pool)
        self.pieces = PieceStore(
            InfoHash("a" * 40),
            layout,
            V1Hashes(digests),
            disk,
            cast("Any", self.handle),
            PieceCache(),
            pool,
            self.rotten.append,
        )
        self.handle.store = self.pieces

    def arrive(self) -> None:
        """Have every piece arrive and reach its file."""
        for piece in range(len(self.pieces.have)):
            self.pieces.arrived(PieceIndex(piece))
        self.pieces.flushed(bytes(self.pieces.have))

    async def read(self, piece: int) -> bytes | None:
        """Read a piece as a viewer does."""
        start = piece * PIECE
        data = await self.pieces.read(PieceIndex(piece), start, min(start + PIECE, len(CONTENT)))
        return None if data is None else bytes(data)

    def gather(self, piece: int) -> None:
        """Have the lane gather a piece before libtorrent has it."""
        self.pieces.proved(PieceIndex(piece), bytearray(CONTENT[piece * PIECE : (piece + 1) * PIECE]))


@pytest.fixture
async def arriving(tmp_path: Path, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """Give a film of which nothing is here; one piece may wait for libtorrent, and two be kept meanwhile."""
    monkeypatch.setattr(pieces, "HAND_OVER_BYTES", PIECE)
    monkeypatch.setattr(pieces, "EARLY_BYTES", 2 * PIECE)
    return Kept(tmp_path, pool)


@pytest.fixture
async def whole(tmp_path: Path, pool: ThreadPoolExecutor) -> Kept:
    """Give a film that has just become whole, in this run, all of it flushed."""
    film = Kept(tmp_path, pool)
    film.arrive()
    return film


def overwrite(path: Path) -> None:
    """Write zeros into the second piece."""
    with path.open("r+b") as file:
        file.seek(PIECE)
        file.write(bytes(PIECE))


def replace(path: Path) -> None:
    """Put another file of the same length in its place."""
    path.rename(path.with_name("before"))
    path.write_bytes(bytes(len(CONTENT)))


@pytest.mark.parametrize("harm", [overwrite, replace])
async def test_read_when_the_file_changed_before_anybody_read_it_whole_then_the_piece_is_missing_again(
    whole: Kept, harm: Callable[[Path], None]
) -> None:
    harm(whole.path)
    assert await whole.read(1) is None
    assert whole.rotten == [1]
    assert not whole.pieces.have[1]


@pytest.mark.parametrize("harm", [overwrite, replace])
async def test_read_when_the_file_changed_after_it_was_read_then_the_piece_is_missing_again(
    whole: Kept, harm: Callable[[Path], None]
) -> None:
    before = [await whole.read(piece) for piece in range(4)]
    harm(whole.path)
    after = await whole.read(1)
    assert before == [CONTENT[at : at + PIECE] for at in range(0, len(CONTENT), PIECE)]
    assert after is None


async def test_read_when_the_film_is_whole_then_each_piece_is_proved_once_and_then_read_from_its_file(
    whole: Kept,
) -> None:
    first = [await whole.read(piece) for piece in range(4)]
    proved = whole.handle.reads
    again = [await whole.read(piece) for piece in range(4)]
    assert first == again
    assert (proved, whole.handle.reads) == (4, 4)


async def test_proved_when_libtorrent_does_not_come_after_then_it_is_handed_the_oldest_and_none_is_lost(
    arriving: Kept,
) -> None:
    for piece in range(3):
        arriving.gather(piece)
        for handed in arriving.handle.added:
            arriving.pieces.arrived(PieceIndex(handed))
    assert arriving.handle.added == [0, 1]
    assert list(arriving.pieces.have) == [1, 1, 0, 0]
    assert list(arriving.pieces.ready) == [1, 1, 1, 0]


async def test_proved_when_libtorrent_takes_none_then_the_oldest_is_missing_again_and_wanted_like_any(
    arriving: Kept,
) -> None:
    for piece in range(3):
        arriving.gather(piece)
    dropped = list(arriving.pieces.ready)
    arriving.gather(0)
    assert dropped == [0, 1, 1, 0]
    assert arriving.pieces.early_pieces == (2, 0)
    assert arriving.handle.added == [0, 1, 2]


async def test_mend_when_a_piece_never_comes_then_its_part_is_read_and_nothing_beside_it(
    arriving: Kept,
) -> None:
    store, piece = arriving.pieces, PieceIndex(1)
    waiting = store.arrival(piece)
    store.mend(piece, PIECE + 10, CONTENT[PIECE + 10 : PIECE + 30])
    assert waiting.done()
    assert (store.ready[1], store.have[1]) == (1, 0)
    assert await store.read(piece, PIECE + 12, 2 * PIECE) == CONTENT[PIECE + 12 : PIECE + 30]
    for beside in (PIECE + 9, PIECE + 30):
        with pytest.raises(NotHere):
            await store.read(piece, beside, 2 * PIECE)


async def test_mend_when_libtorrent_finds_its_pieces_then_the_part_stays_and_a_whole_piece_takes_its_place(
    arriving: Kept,
) -> None:
    store, piece = arriving.pieces, PieceIndex(1)
    store.mend(piece, PIECE, b"part")
    store.claim([False] * 4)
    assert store.ready[1] == 1
    store.arrived(piece)
    assert store.mends.pieces == ()
    store.mend(piece, PIECE, b"part")
    assert store.mends.pieces == ()


async def test_unmend_when_a_part_was_wrong_then_the_piece_is_missing_again(arriving: Kept) -> None:
    store, piece = arriving.pieces, PieceIndex(1)
    store.mend(piece, PIECE, b"part")
    store.unmend(piece)
    store.unmend(PieceIndex(2))
    assert (store.ready[1], store.mends.pieces) == (0, ())
