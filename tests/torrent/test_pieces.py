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
from matinee.torrent.piece_cache import PieceCache
from matinee.torrent.pieces import PieceStore
from matinee.types import InfoHash, PieceIndex

PIECE = 1000
CONTENT = bytes(range(256)) * 12


class Handle:
    """As libtorrent answers ``read_piece``: later, and with what the file holds, checked or not."""

    def __init__(self, path: Path) -> None:
        self.store: PieceStore | None = None
        self.reads = 0
        self.added: list[int] = []
        self.held: bytes | None = None
        """What its own cache holds, where the file does not hold it yet."""
        self.refuses = False
        self._path = path

    def read_piece(self, piece: PieceIndex) -> None:
        """Read a piece for whoever waits."""
        self.reads += 1
        assert self.store is not None
        if self.refuses:
            asyncio.get_running_loop().call_soon(self.store.on_read, piece, b"", "not while it checks")
            return
        data = (self.held or self._path.read_bytes())[piece * PIECE : (piece + 1) * PIECE]
        asyncio.get_running_loop().call_soon(self.store.on_read, piece, data, None)

    def add_piece(self, piece: int, data: bytes, _flags: int) -> None:
        """Note what is handed over."""
        assert data == CONTENT[piece * PIECE : (piece + 1) * PIECE]
        self.added.append(piece)


class Hashes(V1Hashes):
    """Hashes that note which piece they are asked about."""

    def __init__(self, digests: bytes) -> None:
        super().__init__(lambda piece: digests[20 * piece : 20 * piece + 20])
        object.__setattr__(self, "asked", [])

    asked: list[PieceIndex]

    def matches(self, piece: PieceIndex, data: bytes | bytearray) -> bool:
        """Compare as always."""
        self.asked.append(piece)
        return super().matches(piece, data)


class Kept:
    """A film of four pieces and where it is kept: in one file, or in a second one too from ``cut`` on."""

    def __init__(self, folder: Path, pool: ThreadPoolExecutor, cut: int = len(CONTENT)) -> None:
        self.path = folder / "film"
        self.path.write_bytes(CONTENT[:cut])
        (folder / "rest").write_bytes(CONTENT[cut:])
        self.rotten: list[PieceIndex] = []
        self.handle = Handle(self.path)
        layout = Layout(PIECE, len(CONTENT))
        digests = b"".join(
            hashlib.sha1(CONTENT[slice(*layout.bounds(PieceIndex(at)))], usedforsecurity=False).digest()
            for at in range(layout.piece_count)
        )
        self.hashes = Hashes(digests)
        files = [DiskFile(0, cut, False), DiskFile(cut, len(CONTENT) - cut, False)]
        disk = Disk(folder, DiskFiles(files, ["film", "rest"].__getitem__), pool)
        self.pieces = PieceStore(
            InfoHash("a" * 40),
            layout,
            self.hashes,
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
    proved = list(whole.hashes.asked)
    again = [await whole.read(piece) for piece in range(4)]
    assert first == again
    assert proved == whole.hashes.asked == [0, 1, 2, 3]
    assert whole.handle.reads == 0


async def test_read_when_many_ask_for_a_piece_at_once_then_it_is_proved_once(whole: Kept) -> None:
    found = await asyncio.gather(*(whole.read(2) for _ in range(20)))
    assert set(found) == {CONTENT[2 * PIECE : 3 * PIECE]}
    assert whole.hashes.asked == [2]


async def test_read_when_a_piece_lies_in_two_files_and_the_second_changes_then_it_is_proved_again(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    film = Kept(tmp_path, pool, cut=PIECE + 500)
    film.arrive()
    assert await film.read(1) == CONTENT[PIECE : PIECE + 500]
    rest = film.path.with_name("rest")
    rest.write_bytes(bytes(len(CONTENT) - PIECE - 500))
    assert await film.pieces.read(PieceIndex(1), PIECE + 500, 2 * PIECE) is None
    assert film.rotten == [1]


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every piece count as large."""
    monkeypatch.setattr(pieces, "LARGE_BYTES", PIECE)


@pytest.mark.usefixtures("large")
async def test_read_when_a_young_large_piece_has_reached_its_file_then_it_is_read_there(
    arriving: Kept,
) -> None:
    arriving.pieces.arrived(PieceIndex(1))
    assert await arriving.read(1) == CONTENT[PIECE : 2 * PIECE]
    assert (arriving.handle.reads, arriving.hashes.asked) == (0, [1])


@pytest.mark.usefixtures("large")
async def test_read_when_a_young_large_piece_is_not_in_its_file_then_libtorrent_is_asked(
    arriving: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "REACHES_FILE_S", (0.0,))
    monkeypatch.setattr(arriving.handle, "held", CONTENT)
    overwrite(arriving.path)
    arriving.pieces.arrived(PieceIndex(1))
    assert await arriving.read(1) == CONTENT[PIECE : 2 * PIECE]
    assert arriving.handle.reads == 1
    assert arriving.rotten == []


async def test_read_when_a_wrong_piece_has_all_checked_then_another_wrong_one_is_missing_too(
    whole: Kept,
) -> None:
    whole.path.write_bytes(bytes(len(CONTENT)))
    assert await whole.read(1) is None
    whole.handle.refuses = True
    assert await whole.read(2) is None
    assert not whole.pieces.ready[2]
    waiting = whole.pieces.arrival(PieceIndex(2))
    whole.path.write_bytes(CONTENT)
    whole.handle.refuses = False
    whole.pieces.claim([True] * len(whole.pieces.have))
    assert waiting.done()
    assert await whole.read(2) == CONTENT[2 * PIECE : 3 * PIECE]


async def test_read_when_the_disk_refused_a_write_then_no_file_is_believed(whole: Kept) -> None:
    whole.pieces.doubt()
    assert await whole.read(1) == CONTENT[PIECE : 2 * PIECE]
    assert whole.handle.reads == 1


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
